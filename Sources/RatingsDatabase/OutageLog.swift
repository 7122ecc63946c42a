import Logging
import NIOConcurrencyHelpers
import NIOCore
import RatingsService

/// Says once that the ratings cannot be read, with the cause and what to do, and once that they can be read again.
/// Everything between is counted, not printed; but for another cause that has lasted for a while, as when the mesh lets
/// the traffic out and the certificate turns out not to be trusted.
public final class OutageLog: Sendable {
    private let logger: Logger
    private let database: String
    private let state = NIOLockedValueBox(State())

    private struct State {
        var fault: Outage?
        var recentLines: [NIODeadline] = []
    }

    private struct Outage {
        let began: NIODeadline
        var failedReads = 0
        /// The cause that the log has named.
        var named: FaultHint?
        /// Another one, and since when it has been the only one.
        var other: (hint: FaultHint?, since: NIODeadline)?
    }

    /// How long another cause must last to be worth a line. One fault may speak in several ways within this time.
    private static let lastingTime = TimeAmount.seconds(5)

    /// At most this many lines in a minute, however often the database comes and goes.
    private static let linesPerMinute = 20

    /// - Parameter database: the hosts, for the reader of the log.
    public init(database: String, logger: Logger) {
        self.database = database
        self.logger = logger
    }

    /// Notes the result of a read.
    public func note(_ fault: RatingsUnavailable?, at now: NIODeadline = .now()) {
        // What is printed is decided under the lock, and printed after it: standard output may block.
        let line = state.withLockedValue { state in
            fault.map { failed($0, &state, now) } ?? succeeded(&state, now)
        }
        if let line { logger.log(level: line.level, "\(line.message)", metadata: line.metadata) }
    }

    private struct Line {
        var level: Logger.Level
        var message: String
        var metadata: Logger.Metadata
    }

    private func succeeded(_ state: inout State, _ now: NIODeadline) -> Line? {
        guard let outage = state.fault else { return nil }
        state.fault = nil
        guard mayPrint(&state, now) else { return nil }
        let seconds = Double((now - outage.began).nanoseconds) / 1e9
        return Line(
            level: .notice,
            message: "ratings database is back",
            metadata: [
                "database": "\(database)", "failed reads": "\(outage.failedReads)",
                "seconds": "\((seconds * 10).rounded() / 10)",
            ]
        )
    }

    private func failed(_ fault: RatingsUnavailable, _ state: inout State, _ now: NIODeadline) -> Line? {
        let hint = FaultHint(reason: fault.reason, step: fault.step)
        var outage = state.fault ?? Outage(began: now)
        defer { state.fault = outage }
        outage.failedReads += 1
        guard Self.isNews(hint, &outage, now), mayPrint(&state, now) else { return nil }
        var metadata: Logger.Metadata = ["database": "\(database)", "reason": "\(fault.reason)"]
        if let hint { metadata["hint"] = "\(hint.advice)" }
        let verb = fault.step == .connect ? "connect to" : "read from"
        return Line(level: .error, message: "cannot \(verb) ratings database", metadata: metadata)
    }

    private static func isNews(_ hint: FaultHint?, _ outage: inout Outage, _ now: NIODeadline) -> Bool {
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

    private func mayPrint(_ state: inout State, _ now: NIODeadline) -> Bool {
        state.recentLines.removeAll { now - $0 > .minutes(1) }
        guard state.recentLines.count < Self.linesPerMinute else { return false }
        state.recentLines.append(now)
        return true
    }
}
