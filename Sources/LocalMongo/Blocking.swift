import Dispatch

/// Runs blocking calls on threads of their own, so that they never hold one of Swift's cooperative pool.
public enum Blocking {
    private static let queue = DispatchQueue(label: "local-mongo.blocking", attributes: .concurrent)

    /// Runs `body` on such a thread, and waits for nothing.
    static func begin(_ body: @escaping @Sendable () -> Void) {
        queue.async(execute: body)
    }

    /// Runs `body` on such a thread and waits for it without blocking.
    ///
    /// - Throws: what `body` throws.
    public static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: body)) }
        }
    }
}
