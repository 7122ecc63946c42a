import Processes
import Threads

/// Passes signals on, and keeps those that come while there is nobody to take them.
final class Pending: Sendable {
    typealias Receiver = @Sendable (_ signal: Signal, _ isFromTerminal: Bool) -> Void

    private struct State: Sendable {
        var kept: [(signal: Signal, isFromTerminal: Bool)] = []
        var receiver: Receiver?
    }

    private let state = Locked(State())

    func pass(_ signal: Signal, isFromTerminal: Bool) {
        let receiver = state.withLock { state in
            if state.receiver == nil { state.kept.append((signal, isFromTerminal)) }
            return state.receiver
        }
        receiver?(signal, isFromTerminal)
    }

    /// Gets what has been kept, and all that follows.
    var receiver: Receiver? {
        get { state.withLock { $0.receiver } }
        set {
            let kept = state.withLock { state in
                state.receiver = newValue
                defer { if newValue != nil { state.kept = [] } }
                return state.kept
            }
            for (signal, isFromTerminal) in kept { newValue?(signal, isFromTerminal) }
        }
    }
}
