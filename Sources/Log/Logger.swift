/// Writes lines of one label: `TIME LEVEL LABEL: KEY=VALUE … [MODULE] MESSAGE`.
public struct Logger: Sendable {
    public let label: String

    /// The least level that is written.
    public var level: Level

    private let write: @Sendable (String) -> Void

    /// - Parameter write: takes each line, with its newline; standard output where nothing else is named.
    public init(
        label: String,
        level: Level = .info,
        write: @escaping @Sendable (String) -> Void = StandardOutput.write
    ) {
        self.label = label
        self.level = level
        self.write = write
    }

    /// A logger that writes nothing.
    public static let silent = Logger(label: "", level: .critical) { _ in }

    /// Writes a line.
    ///
    /// - Parameters:
    ///   - metadata: written in the order of its keys, before the message.
    ///   - file: tells the module.
    public func log(
        _ level: Level,
        _ message: @autoclosure () -> String,
        metadata: @autoclosure () -> [String: String] = [:],
        file: String = #fileID
    ) {
        guard level >= self.level else { return }
        let fields = metadata().sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        let text = "\(Timestamp.now) \(level) \(label):\(fields) [\(file.prefix { $0 != "/" })] \(message())"
        write(text.onOneLine + "\n")
    }

    public func debug(
        _ message: @autoclosure () -> String, metadata: @autoclosure () -> [String: String] = [:],
        file: String = #fileID
    ) {
        log(.debug, message(), metadata: metadata(), file: file)
    }

    public func info(
        _ message: @autoclosure () -> String, metadata: @autoclosure () -> [String: String] = [:],
        file: String = #fileID
    ) {
        log(.info, message(), metadata: metadata(), file: file)
    }
}

extension String {
    /// With control characters escaped, so that no text can begin a line of its own.
    fileprivate var onOneLine: String {
        guard unicodeScalars.contains(where: \.isControl) else { return self }
        var line = ""
        for scalar in unicodeScalars {
            if scalar.isControl {
                line += scalar.escaped(asASCII: true)
            } else {
                line.unicodeScalars.append(scalar)
            }
        }
        return line
    }
}

extension Unicode.Scalar {
    /// C0 and C1 controls, DEL, and Unicode's own line ends.
    fileprivate var isControl: Bool {
        value < 0x20 || (0x7f...0x9f).contains(value) || value == 0x2028 || value == 0x2029
    }
}
