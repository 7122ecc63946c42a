import Diagnosis
import EventLoop
import Log
import RatingsService
import Threads

/// Says once that the ratings cannot be read, with the layer that failed, what was seen and what to do; and once that they
/// can be read again. Everything between is counted, not printed; but for another layer or cause that has lasted for a
/// while, as when the mesh lets the traffic out and the certificate turns out not to be trusted.
///
/// The line is written when the first walk through the layers has ended. It lives on the event loop.
public final class OutageLog {
    /// Begins a walk, unless one is under way, and hands over what it saw.
    public typealias Walk = (_ completion: @escaping (Diagnosis) -> Void) -> Void

    private let logger: Logger
    private let database: String
    private let walk: Walk
    private let now: () -> MonotonicTime
    private var outage: Outage?
    private var recentLines: [MonotonicTime] = []

    private struct Outage {
        let began: MonotonicTime
        var failedReads = 0
        /// Of the last read that failed.
        var fault: RatingsUnavailable
        /// When to look, next time that a read fails.
        var nextWalk: MonotonicTime
        /// What the log has named.
        var named: Finding?
        /// Another one, and since when it has been the only one.
        var other: (finding: Finding, since: MonotonicTime)?
        /// Walks that found nothing, one after the other, while reads went on failing.
        var vainWalks = 0
    }

    /// What makes two faults the same for the reader of the log.
    private struct Finding: Equatable {
        let layer: Layer
        let cause: Cause
    }

    /// How long another finding must last to be worth a line, and about how often to look.
    private static let lastingTime = Duration.seconds(5)

    /// How soon to look again after a walk that found nothing.
    private static let vainPause = Duration.milliseconds(500)

    /// At most this many lines in a minute, however often the database comes and goes.
    private static let linesPerMinute = 20

    /// - Parameters:
    ///   - database: the hosts, for the reader of the log.
    ///   - walk: looks at the layers; what it saw may come at any later time.
    ///   - now: the time when a walk has ended.
    public init(
        database: String, logger: Logger, walk: @escaping Walk, now: @escaping () -> MonotonicTime = { .now }
    ) {
        self.database = database
        self.logger = logger
        self.walk = walk
        self.now = now
    }

    /// Notes the result of a read.
    public func note(_ fault: RatingsUnavailable?, at now: MonotonicTime) {
        if let fault { failed(fault, now) } else { succeeded(now) }
    }

    private func succeeded(_ now: MonotonicTime) {
        guard let outage else { return }
        self.outage = nil
        guard mayPrint(now) else { return }
        let time = Self.seconds(now - outage.began)
        if outage.named == nil {
            logger.log(
                .notice, "ratings database was lost for \(time) s, and is back before it could be looked at",
                metadata: [
                    "database": database, "failed reads": "\(outage.failedReads)", "reason": outage.fault.reason,
                ])
        } else {
            logger.log(
                .notice, "ratings database is back",
                metadata: ["database": database, "failed reads": "\(outage.failedReads)", "seconds": time])
        }
    }

    private static func seconds(_ duration: Duration) -> String {
        let tenths = duration.milliseconds / 100
        return "\(tenths / 10).\(tenths % 10)"
    }

    private func failed(_ fault: RatingsUnavailable, _ now: MonotonicTime) {
        var outage = outage ?? Outage(began: now, fault: fault, nextWalk: now)
        outage.failedReads += 1
        outage.fault = fault
        let isDue = now >= outage.nextWalk
        // Five seconds, give or take a fifth: many pods must not look all at once.
        if isDue { outage.nextWalk = now + .milliseconds(Int64.random(in: 4000...6000)) }
        self.outage = outage
        if let advice = fault.adviceWithoutLooking {
            tell(.read, Fault(.documentUnusable, fault.reason, advice: advice), at: now)
        } else if isDue {
            walk { [unowned self] in walked($0, of: outage.began) }
        }
    }

    private func walked(_ diagnosis: Diagnosis, of began: MonotonicTime) {
        let now = now()
        guard let outage, outage.began == began else { return }
        if let (layer, fault) = diagnosis.failure {
            self.outage?.vainWalks = 0
            tell(layer, fault, at: now)
        } else if outage.vainWalks == 0 {
            // It may just have come back: the next read tells.
            self.outage?.vainWalks = 1
            self.outage?.nextWalk = now + Self.vainPause
        } else {
            tell(
                .read,
                Fault(
                    .readsFail, "every layer answers to a look, but the service's own reads fail",
                    advice: "look at mongod's log, and for proxies that cut connections in use"),
                at: now)
        }
    }

    private func tell(_ layer: Layer, _ fault: Fault, at now: MonotonicTime) {
        guard var outage else { return }
        let finding = Finding(layer: layer, cause: fault.cause)
        defer { self.outage = outage }
        if let named = outage.named {
            guard finding != named else {
                outage.other = nil
                return
            }
            guard let other = outage.other, other.finding == finding else {
                outage.other = (finding, now)
                outage.nextWalk = now + Self.lastingTime
                return
            }
            guard now - other.since >= Self.lastingTime else { return }
        }
        outage.named = finding
        outage.other = nil
        guard mayPrint(now) else { return }
        let verb = layer == .read ? "read from" : "connect to"
        let look = fault.command.map { "; look further with: \($0)" } ?? ""
        logger.log(
            .error, "cannot \(verb) ratings database",
            metadata: [
                "advice": fault.advice + look, "cause": fault.cause.rawValue, "database": database,
                "explanation": fault.explanation, "layer": layer.rawValue, "reason": outage.fault.reason,
            ])
    }

    private func mayPrint(_ now: MonotonicTime) -> Bool {
        recentLines.removeAll { now - $0 > .seconds(60) }
        guard recentLines.count < Self.linesPerMinute else { return false }
        recentLines.append(now)
        return true
    }
}
