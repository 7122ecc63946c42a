/// How a process ended.
public enum TerminationStatus: Equatable, Sendable, CustomStringConvertible {
    /// With an exit status.
    case exited(Int32)
    /// By a signal.
    case signaled(Int32)

    public var isSuccess: Bool { self == .exited(0) }

    /// As a shell tells it: the exit status, or 128 and the signal's number.
    public var shellStatus: Int32 {
        switch self {
        case .exited(let status): status
        case .signaled(let signal): 128 + signal
        }
    }

    public var description: String {
        switch self {
        case .exited(let status): "exit status \(status)"
        case .signaled(let signal): "signal \(signal)"
        }
    }
}
