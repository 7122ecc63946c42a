import EventLoop
import MongoClient
import RatingsService
import Threads

/// Ratings v2's ratings: the first two documents of the collection `ratings` in the database `test`, whatever product is
/// asked for.
///
/// It lives on the event loop; reads block on threads of their own.
public final class MongoRatingsRepository: RatingsRepository {
    /// What the original reads, and no more of it: two documents in natural order.
    ///
    /// A projection that names `rating` would send only the first of two fields of that name, where the original takes the
    /// last; one that excludes `_id` costs the same for the article's documents.
    public static let query: FindQuery = {
        do {
            return try FindQuery(
                database: "test",
                collection: "ratings",
                options: #"{"projection": {"_id": 0}, "limit": 2}"#
            )
        } catch {
            fatalError("invalid query in the source: \(error)")
        }
    }()

    /// The driver takes half a second to let go of a healthy server, and many seconds of a silent one.
    private static let closeTimeout = Duration.milliseconds(600)

    private let loop: EventLoop
    private let reads: SharedReads<Ratings>
    private let pool: SharedPool

    /// What is to be called once the connections are closed, or given up on.
    private var closed: (() -> Void)?
    private var closeTimer: Timer?

    /// Connects nothing yet.
    ///
    /// - Parameters:
    ///   - pool: the connections; the caller keeps no reference to what is in it.
    ///   - limits: how long and how often to read.
    ///   - outages: notes the result of every read.
    public init(on loop: EventLoop, pool: SharedPool, limits: ReadLimits, outages: OutageLog) {
        self.loop = loop
        self.pool = pool
        reads = SharedReads(
            on: loop,
            limits: limits,
            onResult: { outages.note($0, at: .now) },
            unreachable: { pool.heartbeats.flatMap(RatingsUnavailable.init(ifAllFail:)) },
            read: { connected throws(RatingsUnavailable) in try Self.read(from: pool, connected: connected) }
        )
    }

    /// Connects ahead of the first request.
    public func start() {
        reads.warmUp()
    }

    public func ratings(_ completion: @escaping (Result<Ratings, RatingsUnavailable>) -> Void) {
        reads.value(completion)
    }

    /// Ends the reads and the connections, or gives up on them after a while: the process is about to end.
    ///
    /// - Parameter closed: called on the loop.
    public func close(_ closed: @escaping () -> Void) {
        self.closed = closed
        let released = WakeUp(on: loop) { [unowned self] in callClosed() }
        // The driver blocks while the last reference to the pool goes.
        reads.stop { [pool] in
            pool.release()
            released.send()
        }
        closeTimer = Timer(on: loop) { [unowned self] in callClosed() }
        closeTimer?.start(at: loop.now + Self.closeTimeout)
    }

    private func callClosed() {
        closeTimer = nil
        closed.take()?()
    }

    /// Whether the connections and the driver's threads are gone. While they are not, `exit` is not safe: it runs the
    /// driver's own clean-up beside them.
    public var isClosed: Bool { pool.isReleased }

    /// Blocks for one read.
    private static func read(
        from shared: SharedPool,
        connected: () -> Void
    ) throws(RatingsUnavailable) -> Ratings {
        var isConnected = false
        let values: [Result<[UInt8]?, BSONFault>]
        do {
            values = try shared.pool().withClient { client throws(MongoError) in
                try client.connect()
                isConnected = true
                connected()
                return try client.find(query) { document in
                    Result { () throws(BSONFault) in try RatingField.json(in: document) }
                }
            }
        } catch {
            throw RatingsUnavailable(error, isConnected: isConnected, heartbeats: shared.heartbeats)
        }
        return Ratings(reviewer1: try rating(0, of: values), reviewer2: try rating(1, of: values))
    }

    /// 0 where there is no such document, nothing where it has no rating: as the original.
    static func rating(
        _ index: Int, of values: [Result<[UInt8]?, BSONFault>]
    ) throws(RatingsUnavailable) -> [UInt8]? {
        guard values.indices.contains(index) else { return Array("0".utf8) }
        do {
            return try values[index].get()
        } catch {
            throw RatingsUnavailable(
                step: .load, reason: "document \(index + 1) of test.ratings: \(error)",
                adviceWithoutLooking: "mend the document's rating")
        }
    }
}
