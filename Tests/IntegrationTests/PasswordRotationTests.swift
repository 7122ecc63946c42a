import Foundation
import LocalMongo
import Testing

@testable import Faults

extension OwnDatabase {
    /// The user's password changes: connections that are logged in live on, and new ones fail, while heartbeats, which log in
    /// to nothing, are fine.
    @Suite
    struct PasswordRotation {
        private let turn: Turn

        init() async throws { turn = await Turn(.besideFew) }

        /// How often somebody began to log in.
        private func logIns(_ database: BookinfoDatabase) async throws -> Int {
            let json = try await database.runCommand(#"{"serverStatus": 1, "repl": 0, "metrics": 0}"#, on: "admin")
            let status = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
            let security = try #require(status?["security"] as? [String: Any])
            let authentication = try #require(security["authentication"] as? [String: Any])
            let mechanisms = try #require(authentication["mechanisms"] as? [String: [String: [String: Int]]])
            return mechanisms.values.compactMap { $0["authenticate"]?["received"] }.reduce(0, +)
        }

        @Test func isOneOutage() async throws {
            let database = try await BookinfoDatabase.start()
            let relay = try Relay.start(to: database.port)
            func setPassword(_ password: String) async throws {
                try await database.runCommand(#"{"updateUser": "bookinfo", "pwd": "\#(password)"}"#)
            }
            try await withService(database.url(port: relay.port)) { service in
                try await expectRatings(from: service)
                _ = await Load.run(on: service, connections: 32, requestsEach: 20)
                var perSecond = 0.0
                var mended = ContinuousClock.now
                let load = try await Traffic.run(on: service, connections: 5, pause: .milliseconds(100)) {
                    try await setPassword("new")
                    try await Task.sleep(for: .milliseconds(300))
                    for connection in relay.connections {
                        relay.cut(connection)
                        try await Task.sleep(for: .milliseconds(100))
                    }
                    try await Task.sleep(for: .seconds(2))
                    let (before, start) = (try await logIns(database), ContinuousClock.now)
                    try await Task.sleep(for: .seconds(4))
                    let after = try await logIns(database)
                    perSecond = Double(after - before) / ((ContinuousClock.now - start) / .seconds(1))
                    try await setPassword(database.password)
                    mended = .now
                    try await Task.sleep(for: .milliseconds(2500))
                }
                let recovery = try #require(load.firstGoodAnswer(after: mended))
                print(
                    "password rotated: \(load.faults) of \(load.requests.count) failed, \(perSecond) log-ins a second, good "
                        + "after \(recovery)")
                #expect(perSecond <= 4)
                #expect(recovery < .seconds(2) * Slowness.factor)
                let lines = service.logLines(with: "cannot")
                #expect(
                    lines.count == 1 && lines.allSatisfy { $0.contains(" cause=credentialsRefused ") }, "\(service.log)"
                )
                #expect(service.logLines(with: "is back").count == 1, "\(service.log)")
            }
            try await database.mongod.stop(.kill)
        }
    }
}
