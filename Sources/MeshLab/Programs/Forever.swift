/// Keeps objects until the process ends.
///
/// Letting go of a pool of the driver whose server is gone blocks for its server selection time-out; the end of the
/// process takes it without a wait.
enum Forever {
    private static let kept = Kept()

    static func keep(_ object: some AnyObject & Sendable) {
        kept.add(object)
    }

    private final class Kept: Sendable {
        private let objects = Current<[any AnyObject & Sendable]>()

        func add(_ object: any AnyObject & Sendable) {
            objects.set((objects.get() ?? []) + [object])
        }
    }
}
