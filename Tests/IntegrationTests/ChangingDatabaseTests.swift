import LocalMongo
import Testing

/// Tests that change what the collection `ratings` holds, one after the other.
@Suite(.timeLimit(.minutes(Slowness.isSanitized ? 60 : 15)), .serialized)
enum ChangingDatabase {
    static let shared = SharedDatabase()

    /// Once it runs.
    static var database: BookinfoDatabase {
        get throws { try shared.database }
    }
}
