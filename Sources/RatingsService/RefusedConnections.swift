import EventLoop
import Log
import Threads

/// Tells of connections that there was no room for: once a minute, with their number.
struct RefusedConnections {
    private static let interval = Duration.seconds(60)

    private let limit: Int
    private let logger: Logger
    private var count = 0
    private var lastLine: MonotonicTime?

    init(limit: Int, logger: Logger) {
        self.limit = limit
        self.logger = logger
    }

    mutating func note(at now: MonotonicTime) {
        count += 1
        if let lastLine, now - lastLine < Self.interval { return }
        lastLine = now
        logger.log(
            .warning, "too many connections: new ones are closed",
            metadata: ["limit": "\(limit)", "closed": "\(count)"])
        count = 0
    }
}
