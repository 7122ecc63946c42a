import Logging
import MongoClient
import Synchronization

/// Runs commands on a local MongoDB as a user who may do anything.
public final class MongoAdministrator: Sendable {
    private let url: String
    private let pool: Mutex<MongoClientPool>

    /// - Parameter url: a connection string, with the user's credentials where there is one already.
    public init(url: String) throws {
        self.url = url
        pool = Mutex(try Self.pool(url))
    }

    /// Runs a command.
    ///
    /// - Parameters:
    ///   - command: in Extended JSON.
    ///   - database: where to run it.
    /// - Returns: the reply as relaxed Extended JSON.
    /// - Throws: `MongoError` where the server cannot be reached, or its reply is not ok.
    @discardableResult
    public func runCommand(_ command: String, on database: String) async throws -> String {
        let pool = pool.withLock { $0 }
        return try await Blocking.run {
            try pool.withClient { client throws(MongoError) in try client.runCommand(command, on: database) }
        }
    }

    /// Forgets all connections: those to a server that has been killed would fail once each.
    public func reconnect() async throws {
        let url = url
        let fresh = try Self.pool(url)
        let old = pool.withLock { pool in
            defer { pool = fresh }
            return pool
        }
        // Letting go of a pool blocks for half a second.
        try await Blocking.run { withExtendedLifetime(old) {} }
    }

    private static func pool(_ url: String) throws -> MongoClientPool {
        var defaults = ConnectionDefaults()
        defaults.appName = "local-mongo"
        defaults.serverSelectionTimeoutMS = 20_000
        defaults.connectTimeoutMS = 10_000
        defaults.socketTimeoutMS = 30_000
        defaults.waitQueueTimeoutMS = 20_000
        let silent = Logger(label: "local-mongo") { _ in SwiftLogNoOpLogHandler() }
        return try MongoClientPool(ConnectionString(url, defaults: defaults), logger: silent)
    }
}
