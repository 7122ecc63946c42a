import Glibc

/// A signal to a process (signal(7)).
public struct Signal: Equatable, Sendable {
    public let rawValue: Int32

    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    public static let hangup = Signal(rawValue: SIGHUP)
    public static let interrupt = Signal(rawValue: SIGINT)
    public static let quit = Signal(rawValue: SIGQUIT)
    public static let terminate = Signal(rawValue: SIGTERM)
    public static let user1 = Signal(rawValue: SIGUSR1)
    public static let user2 = Signal(rawValue: SIGUSR2)
    public static let power = Signal(rawValue: SIGPWR)
    public static let kill = Signal(rawValue: SIGKILL)
    public static let suspend = Signal(rawValue: SIGSTOP)
    public static let resume = Signal(rawValue: SIGCONT)
}
