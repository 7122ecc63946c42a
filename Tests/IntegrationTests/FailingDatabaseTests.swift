import LocalMongo
import Testing

/// Tests that freeze, kill and restart mongod, one after the other and alone: they measure time.
@Suite(.timeLimit(.minutes(Slowness.isSanitized ? 30 : 4)), .serialized)
enum FailingDatabase {
    static let shared = SharedDatabase()

    /// Once it runs.
    static var database: BookinfoDatabase {
        get throws { try shared.database }
    }
}
