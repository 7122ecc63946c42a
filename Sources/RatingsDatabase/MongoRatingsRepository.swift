import Logging
import MongoClient
import NIOCore
import NIOPosix
import RatingsService

/// Ratings v2's ratings: the first two documents of the collection `ratings` in the database `test`, whatever product is
/// asked for.
public final class MongoRatingsRepository: RatingsRepository {
    /// What the original reads, and no more of it: two documents in natural order, one field.
    static let query: FindQuery = {
        do {
            return try FindQuery(
                database: "test",
                collection: "ratings",
                options: #"{"projection": {"_id": 0, "rating": 1}, "limit": 2, "singleBatch": true}"#
            )
        } catch {
            fatalError("invalid query in the source: \(error)")
        }
    }()

    private let reads: SharedReads<Ratings>
    private let threads: NIOThreadPool

    /// Connects nothing yet; see ``warmUp()``.
    ///
    /// - Parameters:
    ///   - pool: the connections. The threads of this repository hold it until ``shutdown()``.
    ///   - limits: how long and how often to read.
    ///   - eventLoop: keeps the time; nothing blocks on it.
    ///   - outages: notes the result of every read.
    public init(pool: MongoClientPool, limits: ReadLimits, eventLoop: any EventLoop, outages: OutageLog) {
        threads = NIOThreadPool(numberOfThreads: limits.concurrentReads)
        threads.start()
        reads = SharedReads(limits: limits, threads: threads, eventLoop: eventLoop, onResult: { outages.note($0) }) {
            connected throws(RatingsUnavailable) in
            try Self.read(from: pool, connected: connected)
        }
    }

    public func ratings() async throws(RatingsUnavailable) -> Ratings {
        try await reads.value()
    }

    /// Connects ahead of the first request, in the background.
    public func warmUp() {
        reads.warmUp()
    }

    /// Blocks for one read.
    private static func read(
        from pool: MongoClientPool,
        connected: () -> Void
    ) throws(RatingsUnavailable) -> Ratings {
        var isConnected = false
        do {
            let documents = try pool.withClient { client throws(MongoError) in
                try client.connect()
                isConnected = true
                connected()
                return try client.find(query)
            }
            return Ratings(reviewer1: rating(0, of: documents), reviewer2: rating(1, of: documents))
        } catch {
            throw RatingsUnavailable(error, isConnected: isConnected, heartbeats: pool.heartbeats)
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
