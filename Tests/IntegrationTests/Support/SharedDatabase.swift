import LocalMongo
import Testing
import Threads

/// A mongod, TLS only and with authentication, that the tests of several suites share: who needs it first starts it, and it
/// ends with the process.
final class SharedDatabase: Sendable {
    private let start: Locked<Task<BookinfoDatabase, any Error>?> = Locked(nil)
    private let started: Locked<BookinfoDatabase?> = Locked(nil)

    /// Starts it, unless it runs.
    func run() async throws {
        let task = start.withLock { start in
            let task = start ?? Task { try await Self.launch() }
            start = task
            return task
        }
        let database = try await task.value
        started.withLock { $0 = database }
    }

    /// The database, once it runs.
    var database: BookinfoDatabase {
        get throws { try #require(started.withLock { $0 }, "run() it first") }
    }

    private static func launch() async throws -> BookinfoDatabase {
        var options = BookinfoDatabase.Options()
        // failCommand, which makes a real server fail on demand, needs it.
        options.parameters["enableTestCommands"] = "1"
        return try await BookinfoDatabase.start(options)
    }
}
