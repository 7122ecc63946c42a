import Log
import MongoClient
import Threads

/// The one lasting reference to the pool of connections: it decides when the pool is made, and on which thread the driver
/// blocks to take it down.
public final class SharedPool: Sendable {
    private let connectionString: ConnectionString
    private let logger: Logger
    private let state: Locked<State>
    private let released = Locked(false)
    /// Beside the pool, since ``pool()`` holds that lock during a look-up.
    private let madeHeartbeats: Locked<Heartbeats?>

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
        state = Locked(pool.map(State.made) ?? .notMade)
        madeHeartbeats = Locked(pool?.heartbeats)
    }

    /// The pool. Blocks while the SRV record is looked up.
    ///
    /// - Throws: ``MongoError`` where there is none yet, or no longer.
    func pool() throws(MongoError) -> MongoClientPool {
        try state.withLock { state throws(MongoError) in
            switch state {
            case .made(let pool): return pool
            case .released: throw MongoError(domain: 0, code: 0, message: "the service is stopping")
            case .notMade:
                let pool = try MongoClientPool(connectionString, logger: logger)
                state = .made(pool)
                madeHeartbeats.withLock { $0 = pool.heartbeats }
                return pool
            }
        }
    }

    /// What the driver's monitors last heard; `nil` while there is no pool.
    var heartbeats: Heartbeats? { madeHeartbeats.withLock { $0 } }

    /// Lets go of the pool. Blocks while the driver closes its connections. No read may be under way.
    func release() {
        let last = state.withLock { state in
            defer { state = .released }
            return state
        }
        withExtendedLifetime(last) {}
        released.withLock { $0 = true }
    }

    /// Whether ``release()`` has ended.
    var isReleased: Bool { released.withLock { $0 } }
}
