/// A command line that has been read.
public struct Arguments: Equatable, Sendable {
    /// The subcommand, as it is to be run; empty for a tool without subcommands.
    public internal(set) var subcommand = ""
    public internal(set) var operands: [String] = []
    var values: [String: String] = [:]

    /// The value of an option, or its default.
    public subscript(option: Option) -> String? { values[option.name] ?? option.defaultValue }

    /// Whether a flag is set.
    public func has(_ flag: Option) -> Bool { values[flag.name] != nil }

    /// The value of an option that has a default.
    public func text(_ option: Option) -> String { self[option] ?? "" }

    /// The value of an option as a whole number above zero.
    ///
    /// - Throws: ``UsageError`` where it is none.
    public func number(_ option: Option) throws(UsageError) -> Int {
        let text = text(option)
        guard let number = Int(text), number > 0 else {
            throw UsageError("\(option.name) is \(text): give a whole number above zero")
        }
        return number
    }
}
