import LocalMongo
import Log
import MongoClient
import Threads

/// The bare driver: threads that each hold one connection and find the same two documents again and again.
struct DriverLoop: Sendable {
    var url: String
    var threads: Int
    var warmUp: Duration
    var duration: Duration

    /// Blocks until it is over.
    func run() throws -> Load {
        let pool = try MongoClientPool(ConnectionString(url), logger: .silent)
        let query = try FindQuery(
            database: "test", collection: "ratings",
            options: #"{"projection": {"_id": 0}, "limit": 2, "singleBatch": true}"#)
        let results = Locked<[Result<[Duration], any Error>]>([])
        for _ in 0..<threads {
            Thread.detach {
                let result = Result { try finds(query, from: pool) }
                results.withLock { $0.append(result) }
                results.notify()
            }
        }
        let times = try results.wait { $0.count == threads ? $0 : nil }.flatMap { try $0.get() }.sorted()
        guard !times.isEmpty else { throw LocalMongoError("the driver found nothing in time") }
        let seconds: Double = duration / .seconds(1)
        return Load(
            perSecond: Double(times.count) / seconds,
            median: times[times.count / 2], percentile99: times[times.count * 99 / 100])
    }

    private func finds(_ query: FindQuery, from pool: MongoClientPool) throws -> [Duration] {
        try pool.withClient { client throws(MongoError) in
            try client.connect()
            let begin = ContinuousClock.now
            var times: [Duration] = []
            var now = begin
            while now - begin < warmUp + duration {
                guard try client.find(query, { _ in }).count == 2 else {
                    throw MongoError(domain: 0, code: 0, message: "the collection does not hold two documents")
                }
                let end = ContinuousClock.now
                if now - begin >= warmUp { times.append(end - now) }
                now = end
            }
            return times
        }
    }
}
