import Log
import MongoClient
import Threads

/// The one lasting reference to the pool of connections: it decides when the pool is made, when another takes its place, and
/// on which thread the driver blocks to take it down.
///
/// libmongoc 1.30 reads `tlsCAFile` and `tlsCertificateKeyFile` once for a pool and its monitors; 1.23 did so for each
/// connection. So that a new CA or key needs no restart with either, a thread looks at the files, and where they have changed
/// and a new pool connects with them, it takes the old one's place.
public final class SharedPool: Sendable {
    private let connectionString: ConnectionString
    private let logger: Logger
    private let state: Locked<State>
    private let released = Locked(false)
    /// Beside the pool, since ``pool()`` holds that lock during a look-up.
    private let madeHeartbeats: Locked<Heartbeats?>
    private let watch: Locked<Watch>

    private enum State {
        case notMade
        case made(MongoClientPool)
        case released
    }

    /// Of the thread that looks at the files.
    private enum Watch {
        case goesOn
        case shallEnd
        case hasEnded
    }

    /// How often the files are looked at.
    private static let period = Duration.milliseconds(250)
    /// The same after new ones could not be used: each attempt makes connections and logs in.
    private static let pauseAfterFailure = Duration.seconds(1)

    /// - Throws: ``MongoError`` where the driver refuses the combination of options. A `mongodb+srv://` string is not tried
    ///   before the first ``pool()``: the service starts while the name does not resolve.
    public init(_ connectionString: ConnectionString, logger: Logger) throws(MongoError) {
        self.connectionString = connectionString
        self.logger = logger
        let files = [connectionString.tls.caFile, connectionString.tls.certificateKeyFile].compactMap(\.self)
        // Before they are read.
        let stamps = FileStamps(of: files)
        let pool = connectionString.needsSRVLookup ? nil : try MongoClientPool(connectionString, logger: logger)
        state = Locked(pool.map(State.made) ?? .notMade)
        madeHeartbeats = Locked(pool?.heartbeats)
        watch = Locked(files.isEmpty ? .hasEnded : .goesOn)
        if !files.isEmpty { Thread.detach { [self] in renew(after: stamps, of: files) } }
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
        watch.withLock { if $0 == .goesOn { $0 = .shallEnd } }
        watch.notifyAll()
        _ = watch.wait { $0 == .hasEnded ? true : nil }
        let last = state.withLock { state in
            defer { state = .released }
            return state
        }
        withExtendedLifetime(last) {}
        released.withLock { $0 = true }
    }

    /// Whether ``release()`` has ended.
    var isReleased: Bool { released.withLock { $0 } }

    /// The life of the thread that looks at the files.
    private func renew(after stamps: FileStamps, of files: [String]) {
        var known = stamps
        var pause = Self.period
        while watch.wait(until: .now + pause, { $0 == .shallEnd ? true : nil }) == nil {
            pause = Self.period
            let stamps = FileStamps(of: files)
            guard stamps != known else { continue }
            guard let pool = connectedPool() else {
                pause = Self.pauseAfterFailure
                continue
            }
            known = stamps
            replace(by: pool)
        }
        watch.withLock { $0 = .hasEnded }
        watch.notifyAll()
    }

    /// A new pool that has connected; `nil` where it cannot, with files that are being written or were a mistake. The old one's
    /// connections serve on then.
    private func connectedPool() -> MongoClientPool? {
        do {
            let pool = try MongoClientPool(connectionString, logger: logger)
            try pool.withClient { client throws(MongoError) in try client.connect() }
            return pool
        } catch {
            return nil
        }
    }

    /// Blocks until the reads over the old pool have ended, and it is taken down.
    private func replace(by pool: MongoClientPool) {
        var old: MongoClientPool?
        state.withLock { state in
            if case .made(let pool) = state { old = pool }
            state = .made(pool)
        }
        madeHeartbeats.withLock { $0 = pool.heartbeats }
        // Taken down here and not by the thread of the last read, whose requests would wait for it.
        while old != nil, !isKnownUniquelyReferenced(&old), !mustEnd {
            _ = watch.wait(until: .now + .milliseconds(50)) { $0 == .shallEnd ? true : nil }
        }
        old = nil
    }

    private var mustEnd: Bool { watch.withLock { $0 == .shallEnd } }
}
