import LocalMongo
import Testing

extension OwnDatabase {
    /// The driver of the tests' own, beside which all of them run.
    @Suite
    struct Administrators {
        private let turn: Turn

        init() async { turn = await Turn(.besideOthers) }

        /// The driver looks for a server to end its sessions there, for seconds.
        @Test func nobodyWaitsForTheEndOfSessionsWithAServerThatIsGone() async throws {
            var database: BookinfoDatabase? = try await BookinfoDatabase.start()
            try await database?.runCommand(#"{"ping": 1}"#)
            try await database?.mongod.stop(.kill)
            let start = ContinuousClock.now
            database = nil
            #expect(ContinuousClock.now - start < .milliseconds(500) * Slowness.factor)
        }
    }
}
