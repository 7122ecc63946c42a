import LocalMongo
import Testing

/// Tests that freeze, kill and restart mongod, one after the other. Most are alone, since they measure time; the limit is
/// that of their turns, too.
@Suite(.timeLimit(.minutes(Slowness.isSanitized ? 60 : 15)), .serialized)
enum FailingDatabase {
    static let shared = SharedDatabase()

    /// Once it runs.
    static var database: BookinfoDatabase {
        get throws { try shared.database }
    }
}
