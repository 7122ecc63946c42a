import NIOConcurrencyHelpers
import Testing

/// How many tests run at once. The tests are many and the cores are few: unbounded, they would measure each other.
final class Turns: Sendable {
    static let shared = Turns(slots: Slowness.isSanitized ? 2 : 6)

    private struct Waiting {
        let slots: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var free: Int
        /// In the order of arrival, so that a test that wants to be alone is not overtaken for ever.
        var waiting: [Waiting] = []
    }

    let slots: Int
    private let state: NIOLockedValueBox<State>

    init(slots: Int) {
        self.slots = slots
        state = NIOLockedValueBox(State(free: slots))
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
        let ready = state.withLockedValue { state in
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

/// Gives each test case its turn.
struct TurnTrait: SuiteTrait, TestTrait, TestScoping {
    let slots: Int
    let isRecursive = true

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        await Turns.shared.take(slots)
        defer { Turns.shared.give(slots) }
        try await function()
    }
}

extension Trait where Self == TurnTrait {
    /// Runs beside a few other tests.
    static var besideOthers: Self { TurnTrait(slots: 1) }

    /// Runs while no other test does, because it measures time or load.
    static var alone: Self { TurnTrait(slots: Turns.shared.slots) }
}
