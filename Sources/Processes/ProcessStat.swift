import Foundation

/// What the kernel tells of a process or a thread: the fields of `/proc/PID/stat` (proc(5)) from the third on.
public struct ProcessStat: Sendable {
    private let fields: [Substring]

    /// - Parameter path: `/proc/PID/stat` or `/proc/PID/task/TID/stat`; nil comes of one that is gone.
    public init?(_ path: String) {
        // The second field is the program's name, which may hold blanks and brackets itself.
        guard let text = try? String(contentsOfFile: path, encoding: .utf8), let bracket = text.lastIndex(of: ")")
        else { return nil }
        fields = text[text.index(after: bracket)...].split(separator: " ")
        guard fields.count > 12 else { return nil }
    }

    /// Such as `R`, `T` or `Z`.
    var state: Substring { fields[0] }

    var parent: pid_t? { pid_t(fields[1]) }

    /// In seconds, of all threads of a process, in user and in kernel mode.
    public var processorTime: Double? {
        guard let user = Double(fields[11]), let kernel = Double(fields[12]) else { return nil }
        return (user + kernel) / Self.ticks
    }

    private static let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
}
