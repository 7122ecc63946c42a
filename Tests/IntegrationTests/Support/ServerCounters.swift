import Foundation
import LocalMongo

/// What a mongod has counted (`serverStatus`).
struct ServerCounters: Sendable {
    /// Finds, of all clients.
    let queries: Int
    /// Connections since it started.
    let connections: Int

    init(of database: BookinfoDatabase) async throws {
        let json = try await database.runCommand(
            #"{"serverStatus": 1, "repl": 0, "metrics": 0, "locks": 0, "wiredTiger": 0, "tcmalloc": 0}"#, on: "admin")
        let status = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        guard let counters = status?["opcounters"] as? [String: Any], let queries = counters["query"] as? Int,
            let connections = status?["connections"] as? [String: Any], let total = connections["totalCreated"] as? Int
        else { throw LocalMongoError("serverStatus is not as expected: \(json.prefix(2000))") }
        self.queries = queries
        self.connections = total
    }
}
