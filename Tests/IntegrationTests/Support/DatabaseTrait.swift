import LocalMongo
import Testing

/// Starts one mongod, TLS only and with authentication, for all tests of a suite.
struct DatabaseTrait: SuiteTrait, TestScoping {
    @TaskLocal fileprivate static var current: BookinfoDatabase?

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        var options = BookinfoDatabase.Options()
        // failCommand, which makes a real server fail on demand, needs it.
        options.parameters["enableTestCommands"] = "1"
        let database = try await BookinfoDatabase.start(options)
        do {
            try await Self.$current.withValue(database, operation: function)
        } catch {
            try? await database.stopQuickly()
            throw error
        }
        try await database.stopQuickly()
    }
}

extension Trait where Self == DatabaseTrait {
    static var database: Self { Self() }
}

extension BookinfoDatabase {
    /// The database of the suite that runs.
    static var current: BookinfoDatabase {
        get throws { try #require(DatabaseTrait.current, "the suite needs the trait .database") }
    }
}

extension BookinfoDatabase {
    /// Lets the administrator's connections go while there is a server to say goodbye to: the driver looks for one for as
    /// long as its server selection may take.
    fileprivate func stopQuickly() async throws {
        try? await administrator.reconnect()
        try await stop()
    }
}
