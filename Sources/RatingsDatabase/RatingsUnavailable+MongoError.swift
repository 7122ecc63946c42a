import MongoClient
import RatingsService

extension RatingsUnavailable {
    /// A driver's error as one of the two faults that callers know.
    ///
    /// - Parameters:
    ///   - isConnected: whether the read had a connection when it failed. Even then the driver may have lost it and
    ///     failed to connect again, which the error tells.
    ///   - heartbeats: those that failed last; of use where the error itself names no cause.
    init(_ error: MongoError, isConnected: Bool, heartbeats: [Heartbeats.Failure]) {
        let step: Step = isConnected && error.step == .load ? .load : .connect
        var reason = error.message
        if step == .connect {
            let silent = heartbeats.filter(\.isSilence)
            let causes = silent.isEmpty && FaultHint(reason: reason, step: step)?.isVague ?? true ? heartbeats : silent
            if !causes.isEmpty { reason += " (\(Self.text(of: causes)))" }
        }
        self.init(step: step, reason: reason)
    }

    /// The fault of a database whose servers all failed their last heartbeat; `nil` where one did not.
    init?(ifAllFail heartbeats: Heartbeats) {
        guard heartbeats.allFail else { return nil }
        self.init(step: .connect, reason: Self.text(of: heartbeats.failures))
    }

    private static func text(of failures: [Heartbeats.Failure]) -> String {
        failures.map { failure in
            "\(failure.server): \(failure.reason)"
                + (failure.isSilence ? ", no answer for \(failure.milliseconds) ms" : "")
        }.joined(separator: "; ")
    }
}

extension Heartbeats.Failure {
    /// Whether the server said nothing. The driver's words ("socket error or timeout") often leave that open; its time does
    /// not: a closed connection fails at once.
    fileprivate var isSilence: Bool { milliseconds >= 100 }
}
