import EventLoop
import Log
import RatingsService

/// Says once that the ratings cannot be read, with the cause and what to do, and once that they can be read again.
/// Everything between is counted, not printed; but for another cause that has lasted for a while, as when the mesh lets
/// the traffic out and the certificate turns out not to be trusted.
///
/// It lives on the event loop.
public final class OutageLog {
    private let logger: Logger
    private let database: String
    private var outage: Outage?
    private var recentLines: [MonotonicTime] = []

    private struct Outage {
        let began: MonotonicTime
        var failedReads = 0
        /// The cause that the log has named.
        var named: FaultHint?
        /// Another one, and since when it has been the only one.
        var other: (hint: FaultHint?, since: MonotonicTime)?
    }

    /// How long another cause must last to be worth a line. One fault may speak in several ways within this time.
    private static let lastingTime = Duration.seconds(5)

    /// At most this many lines in a minute, however often the database comes and goes.
    private static let linesPerMinute = 20

    /// - Parameter database: the hosts, for the reader of the log.
    public init(database: String, logger: Logger) {
        self.database = database
        self.logger = logger
    }

    /// Notes the result of a read.
    public func note(_ fault: RatingsUnavailable?, at now: MonotonicTime) {
        if let fault { failed(fault, now) } else { succeeded(now) }
    }

    private func succeeded(_ now: MonotonicTime) {
        guard let outage else { return }
        self.outage = nil
        guard mayPrint(now) else { return }
        let tenths = (now - outage.began).milliseconds / 100
        logger.log(
            .notice, "ratings database is back",
            metadata: [
                "database": database, "failed reads": "\(outage.failedReads)",
                "seconds": "\(tenths / 10).\(tenths % 10)",
            ])
    }

    private func failed(_ fault: RatingsUnavailable, _ now: MonotonicTime) {
        let hint = FaultHint(reason: fault.reason, step: fault.step)
        var outage = outage ?? Outage(began: now)
        outage.failedReads += 1
        let isNews = Self.isNews(hint, &outage, now)
        self.outage = outage
        guard isNews, mayPrint(now) else { return }
        let verb = fault.step == .connect ? "connect to" : "read from"
        logger.log(
            .error, "cannot \(verb) ratings database",
            metadata: ["database": database, "reason": fault.reason].merging(hint.map { ["hint": $0.advice] } ?? [:]) {
                $1
            })
    }

    private static func isNews(_ hint: FaultHint?, _ outage: inout Outage, _ now: MonotonicTime) -> Bool {
        if outage.failedReads == 1 {
            outage.named = hint
            return true
        }
        guard hint != outage.named else {
            outage.other = nil
            return false
        }
        guard let other = outage.other, other.hint == hint else {
            outage.other = (hint, now)
            return false
        }
        guard now - other.since >= lastingTime else { return false }
        outage.named = hint
        outage.other = nil
        return true
    }

    private func mayPrint(_ now: MonotonicTime) -> Bool {
        recentLines.removeAll { now - $0 > .seconds(60) }
        guard recentLines.count < Self.linesPerMinute else { return false }
        recentLines.append(now)
        return true
    }
}
