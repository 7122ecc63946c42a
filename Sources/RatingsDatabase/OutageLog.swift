import Logging
import NIOCore
import RatingsService
import Synchronization

/// Says once that the ratings cannot be read, with the cause and what to do, and once that they can be read again.
/// Everything between is counted, not printed.
public final class OutageLog: Sendable {
    private let logger: Logger
    private let database: String
    private let state = Mutex(State())

    private struct State {
        var fault: Outage?
        var recentLines: [NIODeadline] = []
    }

    private struct Outage {
        let began: NIODeadline
        var failedReads = 0
        /// The causes that have been named since it began.
        var named: Set<FaultHint?> = []
    }

    /// At most this many lines in a minute, however often the database comes and goes.
    private static let linesPerMinute = 20

    /// - Parameter database: the hosts, for the reader of the log.
    public init(database: String, logger: Logger) {
        self.database = database
        self.logger = logger
    }

    /// Notes the result of a read.
    public func note(_ fault: RatingsUnavailable?, at now: NIODeadline = .now()) {
        state.withLock { state in
            if let fault {
                failed(fault, &state, now)
            } else if let outage = state.fault {
                state.fault = nil
                guard mayPrint(&state, now) else { return }
                let seconds = Double((now - outage.began).nanoseconds) / 1e9
                logger.notice(
                    "ratings database is back",
                    metadata: [
                        "database": "\(database)", "failed reads": "\(outage.failedReads)",
                        "seconds": "\((seconds * 10).rounded() / 10)",
                    ]
                )
            }
        }
    }

    private func failed(_ fault: RatingsUnavailable, _ state: inout State, _ now: NIODeadline) {
        let hint = FaultHint(reason: fault.reason)
        var outage = state.fault ?? Outage(began: now)
        defer { state.fault = outage }
        outage.failedReads += 1
        guard outage.named.insert(hint).inserted, mayPrint(&state, now) else { return }
        var metadata: Logger.Metadata = ["database": "\(database)", "reason": "\(fault.reason)"]
        if let hint { metadata["hint"] = "\(hint.advice)" }
        logger.error(
            "\(fault.step == .connect ? "cannot connect to" : "cannot read from") ratings database", metadata: metadata)
    }

    private func mayPrint(_ state: inout State, _ now: NIODeadline) -> Bool {
        state.recentLines.removeAll { now - $0 > .minutes(1) }
        guard state.recentLines.count < Self.linesPerMinute else { return false }
        state.recentLines.append(now)
        return true
    }
}
