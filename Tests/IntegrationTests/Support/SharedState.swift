import Synchronization

/// A number that tasks share.
final class Number: Sendable {
    private let state = Atomic(0)

    var value: Int {
        get { state.load(ordering: .sequentiallyConsistent) }
        set { state.store(newValue, ordering: .sequentiallyConsistent) }
    }

    func add(_ count: Int) {
        state.add(count, ordering: .sequentiallyConsistent)
    }
}

/// Tells a load that it is over.
final class Switch: Sendable {
    private let state = Atomic(false)
    var isOn: Bool { state.load(ordering: .relaxed) }
    func turnOn() { state.store(true, ordering: .relaxed) }
}
