import Threads

/// How many tests run at once. The tests are many and the cores are few: unbounded, they would measure each other.
final class Turns: Sendable {
    static let shared = Turns(slots: Slowness.isSanitized ? 2 : 10)

    private struct Waiting: Sendable {
        let slots: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State: Sendable {
        var free: Int
        /// In the order of arrival, so that a test that wants to be alone is not overtaken for ever.
        var waiting: [Waiting] = []
    }

    let slots: Int
    private let state: Locked<State>

    init(slots: Int) {
        self.slots = slots
        state = Locked(State(free: slots))
    }

    func take(_ count: Int) async {
        await withCheckedContinuation { continuation in
            release(0, adding: Waiting(slots: count, continuation: continuation))
        }
    }

    func give(_ count: Int) {
        release(count, adding: nil)
    }

    private func release(_ count: Int, adding newcomer: Waiting?) {
        let ready = state.withLock { state in
            state.free += count
            if let newcomer { state.waiting.append(newcomer) }
            var ready: [Waiting] = []
            while let first = state.waiting.first, first.slots <= state.free {
                state.free -= first.slots
                ready.append(state.waiting.removeFirst())
            }
            return ready
        }
        for waiting in ready { waiting.continuation.resume() }
    }
}

/// A test's turn, from when it is made until it goes. A suite keeps one: each test has a suite's instance of its own.
final class Turn: Sendable {
    enum Kind: Sendable {
        /// Beside a few other tests.
        case besideOthers
        /// While no other test runs, because it measures time or load.
        case alone
    }

    private let slots: Int

    /// Waits until it is there.
    init(_ kind: Kind) async {
        slots = kind == .alone ? Turns.shared.slots : 1
        await Turns.shared.take(slots)
    }

    deinit { Turns.shared.give(slots) }
}
