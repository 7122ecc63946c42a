import Foundation
import LocalMongo
import Logging
import MongoClient
import Synchronization

/// The bare driver: threads that each hold one connection and find the same two documents again and again.
struct DriverLoop: Sendable {
    var url: String
    var threads: Int
    var warmUp: Duration
    var duration: Duration

    /// Blocks until it is over.
    func run() throws -> Load {
        let silent = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        let pool = try MongoClientPool(ConnectionString(url), logger: silent)
        let query = try FindQuery(
            database: "test", collection: "ratings",
            options: #"{"projection": {"_id": 0, "rating": 1}, "limit": 2, "singleBatch": true}"#)
        let results = Mutex<[Result<[Duration], any Error>]>([])
        let done = DispatchGroup()
        for _ in 0..<threads {
            done.enter()
            Thread.detachNewThread {
                let result = Result { try finds(query, from: pool) }
                results.withLock { $0.append(result) }
                done.leave()
            }
        }
        done.wait()
        let times = try results.withLock { try $0.flatMap { try $0.get() } }.sorted()
        guard !times.isEmpty else { throw LocalMongoError("the driver found nothing in time") }
        return Load(
            perSecond: Double(times.count) / (duration / .seconds(1)),
            median: times[times.count / 2], percentile99: times[times.count * 99 / 100])
    }

    private func finds(_ query: FindQuery, from pool: MongoClientPool) throws -> [Duration] {
        try pool.withClient { client throws(MongoError) in
            try client.connect()
            let begin = ContinuousClock.now
            var times: [Duration] = []
            var now = begin
            while now - begin < warmUp + duration {
                guard try client.find(query).count == 2 else {
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
