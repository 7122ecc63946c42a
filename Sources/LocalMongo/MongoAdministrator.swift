import Log
import MongoClient
import Threads

/// Runs commands on a local MongoDB as a user who may do anything.
public final class MongoAdministrator: Sendable {
    private let url: String
    private let pool: Locked<MongoClientPool?>

    /// - Parameter url: a connection string, with the user's credentials where there is one already.
    public init(url: String) throws {
        self.url = url
        pool = Locked(try Self.pool(url))
    }

    deinit { Self.close(pool) }

    /// Runs a command.
    ///
    /// - Parameters:
    ///   - command: in Extended JSON.
    ///   - database: where to run it.
    /// - Returns: the reply as relaxed Extended JSON.
    /// - Throws: `MongoError` where the server cannot be reached, or its reply is not ok.
    @discardableResult
    public func runCommand(_ command: String, on database: String) async throws -> String {
        try await withClient { client throws(MongoError) in try client.runCommand(command, on: database) }
    }

    /// Stores documents in Extended JSON, as many as there are in one command as 8 MB hold.
    public func insert(_ documents: [String], into collection: String, of database: String) async throws {
        var rest = documents[...]
        while !rest.isEmpty {
            var size = 0
            var batch = rest.prefix {
                size += $0.utf8.count
                return size < 8 << 20
            }
            if batch.isEmpty { batch = rest.prefix(1) }
            rest = rest.dropFirst(batch.count)
            try await runCommand(
                #"{"insert": "\#(collection)", "documents": [\#(batch.joined(separator: ","))]}"#, on: database)
        }
    }

    /// Stores documents in BSON as they are.
    public func insert(bson documents: [[UInt8]], into collection: String, of database: String) async throws {
        try await withClient { client throws(MongoError) in
            try client.insert(bson: documents, into: collection, of: database)
        }
    }

    private func withClient<Value: Sendable>(
        _ body: @escaping @Sendable (borrowing MongoClient) throws(MongoError) -> Value
    ) async throws -> Value {
        guard let pool = pool.withLock({ $0 }) else { throw LocalMongoError("disconnected from MongoDB") }
        return try await Blocking.run { try pool.withClient(body) }
    }

    /// Forgets all connections: those to a server that has been killed would fail once each.
    public func reconnect() async throws {
        let fresh = try Self.pool(url)
        Self.close(
            pool.withLock { pool in
                defer { pool = fresh }
                return Locked(pool)
            })
    }

    /// Closes all connections. While the server is up this takes half a second; afterwards the driver would look for it
    /// until its server selection times out, to end its sessions.
    public func disconnect() async {
        try? await Blocking.run { [self] in
            // The last reference goes here, which blocks.
            _ = pool.withLock { $0.take() }
        }
    }

    /// Lets go of a pool on a thread of its own: the last reference blocks as it goes, and nobody needs to wait for it.
    private static func close(_ pool: Locked<MongoClientPool?>) {
        Blocking.begin { _ = pool.withLock { $0.take() } }
    }

    private static func pool(_ url: String) throws -> MongoClientPool {
        var defaults = ConnectionDefaults()
        defaults.appName = "local-mongo"
        defaults.serverSelectionTimeoutMS = 5_000
        defaults.connectTimeoutMS = 5_000
        defaults.socketTimeoutMS = 30_000
        defaults.waitQueueTimeoutMS = 5_000
        return try MongoClientPool(ConnectionString(url, defaults: defaults), logger: .silent)
    }
}
