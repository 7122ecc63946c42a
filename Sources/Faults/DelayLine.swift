import Threads

/// Runs one action after the other, each after a delay: bytes that come late, and in order.
final class DelayLine: Sendable {
    private struct State: Sendable {
        var waiting: [(due: MonotonicTime, action: @Sendable () -> Void)] = []
        var isRunning = false
    }

    private let state = Locked(State())

    /// Runs the action at once where there is no delay and nothing before it, else on a thread that ends with the line.
    func run(after delay: Duration, _ action: @escaping @Sendable () -> Void) {
        let (isAtOnce, startsThread) = state.withLock { state -> (Bool, Bool) in
            guard delay > .zero || state.isRunning else { return (true, false) }
            state.waiting.append((MonotonicTime.now + delay, action))
            defer { state.isRunning = true }
            return (false, !state.isRunning)
        }
        if isAtOnce { return action() }
        if startsThread { Thread.detach { [self] in work() } }
    }

    private func work() {
        let never = Locked(())
        while let next = state.withLock({ state -> (due: MonotonicTime, action: @Sendable () -> Void)? in
            guard !state.waiting.isEmpty else {
                state.isRunning = false
                return nil
            }
            return state.waiting.removeFirst()
        }) {
            _ = never.wait(until: next.due) { _ in Optional<Never>.none }
            next.action()
        }
    }
}
