import Logging
import MongoClient
import Synchronization

/// The one lasting reference to the pool of connections: it decides when the pool is made, and on which thread the driver
/// blocks to take it down.
public final class SharedPool: Sendable {
    private let connectionString: ConnectionString
    private let logger: Logger
    private let state: Mutex<State>
    private let released = Atomic(false)
    /// Beside the pool, since ``pool()`` holds that lock during a look-up.
    private let madeHeartbeats: Mutex<Heartbeats?>

    private enum State {
        case notMade
        case made(MongoClientPool)
        case released
    }

    /// - Throws: ``MongoError`` where the driver refuses the combination of options. A `mongodb+srv://` string is not tried
    ///   before the first ``pool()``: the service starts while the name does not resolve.
    public init(_ connectionString: ConnectionString, logger: Logger) throws(MongoError) {
        self.connectionString = connectionString
        self.logger = logger
        let pool = connectionString.needsSRVLookup ? nil : try MongoClientPool(connectionString, logger: logger)
        state = Mutex(pool.map(State.made) ?? .notMade)
        madeHeartbeats = Mutex(pool?.heartbeats)
    }

    /// The pool. Blocks while the SRV record is looked up.
    ///
    /// - Throws: ``MongoError`` where there is none yet, or no longer.
    func pool() throws(MongoError) -> MongoClientPool {
        // The mutex knows no typed errors across its closure.
        let result = state.withLock { state -> Result<MongoClientPool, MongoError> in
            switch state {
            case .made(let pool): return .success(pool)
            case .released: return .failure(MongoError(domain: 0, code: 0, message: "the service is stopping"))
            case .notMade:
                do throws(MongoError) {
                    let pool = try MongoClientPool(connectionString, logger: logger)
                    state = .made(pool)
                    madeHeartbeats.withLock { $0 = pool.heartbeats }
                    return .success(pool)
                } catch {
                    return .failure(error)
                }
            }
        }
        return try result.get()
    }

    /// What the driver's monitors last heard; `nil` while there is no pool.
    var heartbeats: Heartbeats? { madeHeartbeats.withLock { $0 } }

    /// Lets go of the pool. Blocks while the driver closes its connections, unless a read still holds it.
    func release() {
        let last = state.withLock { state in
            defer { state = .released }
            return state
        }
        withExtendedLifetime(last) {}
        released.store(true, ordering: .releasing)
    }

    /// Whether ``release()`` has ended.
    var isReleased: Bool { released.load(ordering: .acquiring) }
}
