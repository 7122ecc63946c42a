import EventLoop
import Threads

/// How long a connection may stay as it is. One deadline serves all the limits, since only one counts at a time.
final class ConnectionTimes {
    enum State {
        /// No request.
        case idle
        /// A request has begun to arrive and is not complete.
        case reading
        /// Complete requests wait for their answers. The database has limits of its own.
        case answering
        /// The kernel takes no more of the answers.
        case sending
        /// The client's side is waited for.
        case lingering
    }

    private let loop: EventLoop
    private let limits: HTTPLimits
    private let deadline: Deadline
    private(set) var requestBegan: MonotonicTime?
    private var lastActivity: MonotonicTime

    /// - Parameter expired: called when the connection has stayed for too long.
    init(on loop: EventLoop, limits: HTTPLimits, expired: @escaping () -> Void) {
        self.loop = loop
        self.limits = limits
        deadline = Deadline(on: loop, expired: expired)
        lastActivity = loop.now
    }

    /// Something was received or sent.
    func noteActivity() {
        lastActivity = loop.now
    }

    func noteEndOfRequest() {
        requestBegan = nil
    }

    /// - Parameter drain: the end that the server's connections come to.
    func set(_ state: State, _ drain: Drain?) {
        switch state {
        case .idle: deadline.time = drain?.idleUntil ?? lastActivity + limits.idleTimeout
        case .reading:
            let began = requestBegan ?? loop.now
            requestBegan = began
            let limit = began + limits.requestReadTimeout
            deadline.time = drain.map { min(limit, $0.limit(limits)) } ?? limit
        case .answering: deadline.time = nil
        case .sending: deadline.time = lastActivity + limits.responseWriteTimeout
        case .lingering: deadline.time = lastActivity + limits.lingerTimeout
        }
    }

    /// No limit counts any more.
    func stop() {
        deadline.time = nil
    }
}

extension Drain {
    /// When a request must have arrived.
    fileprivate func limit(_ limits: HTTPLimits) -> MonotonicTime {
        max(idleUntil, began + limits.requestReadTimeoutAtDrain)
    }
}
