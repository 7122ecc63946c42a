import MongoClient
import RatingsService

extension RatingsUnavailable {
    /// A driver's error as one of the two faults that callers know.
    ///
    /// - Parameters:
    ///   - isConnected: whether the read had a connection when it failed. Even then the driver may have lost it and
    ///     failed to connect again, which the error tells.
    ///   - heartbeats: by server, what the driver's monitors last said; of use where the error itself names no cause.
    init(_ error: MongoError, isConnected: Bool, heartbeats: [String: String]) {
        let step: Step = isConnected && error.step == .load ? .load : .connect
        var reason = error.message
        if step == .connect, FaultHint(reason: reason).map({ $0 == .timeout }) ?? true {
            let monitors = heartbeats.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
            if !monitors.isEmpty { reason += " (\(monitors.joined(separator: "; ")))" }
        }
        self.init(step: step, reason: reason)
    }
}
