import MongoClient
import RatingsService

extension RatingsUnavailable {
    /// A driver's error as one of the two faults that callers know.
    ///
    /// - Parameters:
    ///   - isConnected: whether the read had a connection when it failed. Even then the driver may have lost it and
    ///     failed to connect again, which the error tells.
    ///   - heartbeats: of use where there is no connection; `nil` where there are none.
    init(_ error: MongoError, isConnected: Bool, heartbeats: Heartbeats?) {
        let step: Step = isConnected && error.step == .load ? .load : .connect
        let failures = heartbeats?.failures ?? []
        var reason = error.message
        if step == .connect, !failures.isEmpty { reason += " (\(Self.text(of: failures)))" }
        let isAlive = heartbeats?.allFail == false
        self.init(
            step: step, reason: reason, isRefusal: step == .connect && isAlive && !error.isOfSelection)
    }

    /// The fault of a database whose servers all failed their last heartbeat; `nil` where one did not.
    init?(ifAllFail heartbeats: Heartbeats) {
        guard heartbeats.allFail else { return nil }
        self.init(step: .connect, reason: Self.text(of: heartbeats.failures))
    }

    private static func text(of failures: [Heartbeats.Failure]) -> String {
        failures.map { "\($0.server): \($0.reason), after \($0.milliseconds) ms" }.joined(separator: "; ")
    }
}
