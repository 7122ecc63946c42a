import LocalMongo
import Testing

/// Tests that change what the collection `ratings` holds, one after the other.
@Suite(.timeLimit(.minutes(Slowness.isSanitized ? 30 : 4)), .serialized)
enum ChangingDatabase {
    static let shared = SharedDatabase()

    /// Once it runs.
    static var database: BookinfoDatabase {
        get throws { try shared.database }
    }
}
