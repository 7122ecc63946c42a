import Threads

/// Remembers which clients of a pool have a connection that worked when it was last used.
final class WarmConnections: Sendable {
    /// By address; the pool reuses its clients.
    private let clients = Locked<Set<UInt>>([])

    func contains(_ client: OpaquePointer) -> Bool {
        clients.withLock { $0.contains(UInt(bitPattern: client)) }
    }

    func insert(_ client: OpaquePointer) {
        clients.withLock { _ = $0.insert(UInt(bitPattern: client)) }
    }

    func remove(_ client: OpaquePointer) {
        clients.withLock { _ = $0.remove(UInt(bitPattern: client)) }
    }
}
