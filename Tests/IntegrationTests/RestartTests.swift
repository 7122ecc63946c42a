import Foundation
import LocalMongo
import Testing

@testable import Faults

extension FailingDatabase {
    /// What stands between, or the database, is away for a moment: requests wait for it.
    @Suite
    struct Restarts {
        private let turn: Turn

        init() async throws {
            turn = await Turn(.alone)
            try await FailingDatabase.shared.run()
        }

        /// In milliseconds; `RESTART_STEPS=100,200,…` for others.
        private static let absences: [Int] = {
            let steps = ProcessInfo.processInfo.environment["RESTART_STEPS"]?.split(separator: ",").compactMap {
                Int($0)
            }
            return steps ?? [100, 450, 700, 950]
        }()

        /// The driver looks again every 0.5 s while somebody waits, and requests wait for two such looks.
        @Test(arguments: absences)
        func failsNobody(_ milliseconds: Int) async throws {
            let database = try FailingDatabase.database
            var relay: Relay? = try Relay.start(to: database.port)
            let port = try #require(relay?.port)
            try await withService(database.url(port: port)) { service in
                try await expectRatings(from: service)
                let load = try await Traffic.run(on: service, connections: 25, pause: .milliseconds(100)) {
                    try await Task.sleep(for: .milliseconds(200))
                    relay = nil
                    try await Task.sleep(for: .milliseconds(milliseconds))
                    relay = try Relay.start(to: database.port, listeningPort: port)
                    try await Task.sleep(for: .milliseconds(1500))
                }
                print(
                    "away for \(milliseconds) ms: \(load.faults) of \(load.requests.count) requests failed, slowest "
                        + "\(load.slowest)")
                withExtendedLifetime(relay) {}
                // Its end has to come before the second look, at 1.0 s.
                if milliseconds <= 950 { #expect(load.faults == 0, "\(service.log)") }
            }
        }
    }
}
