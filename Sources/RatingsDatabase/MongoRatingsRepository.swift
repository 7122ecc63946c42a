import Logging
import MongoClient
import NIOCore
import NIOPosix
import RatingsService
import ServiceLifecycle

/// Ratings v2's ratings: the first two documents of the collection `ratings` in the database `test`, whatever product is
/// asked for.
///
/// As a service it connects ahead of the first request, and closes the connections once the HTTP side has drained.
public final class MongoRatingsRepository: RatingsRepository, Service {
    /// What the original reads, and no more of it: two documents in natural order, one field.
    static let query: FindQuery = {
        do {
            return try FindQuery(
                database: "test",
                collection: "ratings",
                options: #"{"projection": {"_id": 0, "rating": 1}, "limit": 2}"#
            )
        } catch {
            fatalError("invalid query in the source: \(error)")
        }
    }()

    /// The driver takes half a second to let go of a healthy server, and many seconds of a silent one.
    static let closeTimeout = TimeAmount.milliseconds(600)

    private let reads: SharedReads<Ratings>
    private let threads: NIOThreadPool
    private let eventLoop: any EventLoop
    private let pool: SharedPool

    /// Connects nothing yet.
    ///
    /// - Parameters:
    ///   - pool: the connections; the caller keeps no reference to what is in it.
    ///   - limits: how long and how often to read.
    ///   - eventLoop: keeps the time; nothing blocks on it.
    ///   - outages: notes the result of every read.
    public init(pool: SharedPool, limits: ReadLimits, eventLoop: any EventLoop, outages: OutageLog) {
        self.pool = pool
        self.eventLoop = eventLoop
        threads = NIOThreadPool(numberOfThreads: limits.concurrentReads)
        threads.start()
        reads = SharedReads(
            limits: limits,
            threads: threads,
            eventLoop: eventLoop,
            onResult: { outages.note($0) },
            unreachable: { pool.heartbeats.flatMap(RatingsUnavailable.init(ifAllFail:)) },
            read: { connected throws(RatingsUnavailable) in try Self.read(from: pool, connected: connected) }
        )
    }

    public func ratings() async throws(RatingsUnavailable) -> Ratings {
        try await reads.value()
    }

    public func run() async throws {
        reads.warmUp()
        try? await gracefulShutdown()
        await close()
    }

    /// Ends the reads and the connections, or gives up on them after ``closeTimeout``: the process is about to end.
    private func close() async {
        let closedOrGivenUp = eventLoop.makePromise(of: Void.self)
        // Dispatch's threads may block: the last reference to the pool ends on one of them.
        threads.shutdownGracefully(queue: .global()) { [pool] _ in
            pool.release()
            closedOrGivenUp.succeed()
        }
        eventLoop.scheduleTask(in: Self.closeTimeout) { closedOrGivenUp.succeed() }
        try? await closedOrGivenUp.futureResult.get()
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
        do {
            let documents = try shared.pool().withClient { client throws(MongoError) in
                try client.connect()
                isConnected = true
                connected()
                return try client.find(query)
            }
            return Ratings(reviewer1: rating(0, of: documents), reviewer2: rating(1, of: documents))
        } catch {
            throw RatingsUnavailable(error, isConnected: isConnected, heartbeats: shared.heartbeats?.failures ?? [])
        }
    }

    /// 0 where there is no such document, nothing where it has no rating: as the original.
    static func rating(_ index: Int, of documents: [Document]) -> RatingValue? {
        guard documents.indices.contains(index) else { return .integer(0) }
        return documents[index]["rating"].map(RatingValue.init)
    }
}

extension RatingValue {
    init(_ value: BSONValue) {
        self =
            switch value {
            case .int32(let value): .integer(Int64(value))
            case .int64(let value): .integer(value)
            case .double(let value): .number(value)
            case .string(let value): .string(value)
            case .bool(let value): .bool(value)
            case .null: .null
            case .extendedJSON(let text): .json(text)
            }
    }
}
