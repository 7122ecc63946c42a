import LocalMongo
import Testing

/// Tests on a database that nobody changes: two ratings of one star each.
@Suite(.timeLimit(.minutes(Slowness.isSanitized ? 60 : 15)))
enum SteadyDatabase {
    static let shared = SharedDatabase()

    /// Once it runs.
    static var database: BookinfoDatabase {
        get throws { try shared.database }
    }
}
