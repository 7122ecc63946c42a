import Threads

/// How many tests run at once. The tests are many and the cores are few: unbounded, they would measure each other.
///
/// Who fits into what is free goes first, so a test that wants to be alone comes when the others have ended, and nobody waits
/// for it in vain.
final class Turns: Sendable {
    static let shared = Turns(slots: Slowness.isSanitized ? 2 : 10)

    private struct Waiting: Sendable {
        let slots: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State: Sendable {
        var free: Int
        /// In the order of arrival.
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
            while let next = state.waiting.firstIndex(where: { [free = state.free] in $0.slots <= free }) {
                state.free -= state.waiting[next].slots
                ready.append(state.waiting.remove(at: next))
            }
            return ready
        }
        for waiting in ready { waiting.continuation.resume() }
    }
}

/// A test's turn, from when it is made until it goes. A suite keeps one: each test has a suite's instance of its own.
final class Turn: Sendable {
    enum Kind: Sendable {
        /// Beside other tests.
        case besideOthers
        /// Beside few: it waits more than it computes, and its limits are seconds.
        case besideFew
        /// While no other test runs, because it measures time or load.
        case alone
    }

    private let slots: Int

    /// Waits until it is there.
    init(_ kind: Kind) async {
        slots =
            switch kind {
            case .besideOthers: 1
            case .besideFew: max(1, Turns.shared.slots / 3)
            case .alone: Turns.shared.slots
            }
        await Turns.shared.take(slots)
    }

    deinit { Turns.shared.give(slots) }
}
