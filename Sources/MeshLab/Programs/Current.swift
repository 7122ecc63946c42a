import Threads

/// A value that changes while others hold on to what it belongs to.
final class Current<Value: Sendable>: Sendable {
    private let value = Locked<Value?>(nil)

    func get() -> Value? { value.withLock { $0 } }

    func set(_ new: Value?) { value.withLock { $0 = new } }
}
