import LocalMongo
import Testing

@testable import Faults

extension ChangingDatabase {
    /// Clients that leave while their read is under way.
    @Suite(.serialized)
    struct LeavingClients {
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try await ChangingDatabase.shared.run()
        }

        /// Each honest client asks for an id of its own, so that an answer on the wrong connection shows.
        @Test func nobodyGetsTheirAnswersAndNothingIsLeftOfThem() async throws {
            let database = try ChangingDatabase.database
            try await database.setRatings([#"{"rating": 1}"#, #"{"rating": 1}"#])
            try await withService(database.url(options: ["appName=leaving"])) { service in
                try await expectRatings(from: service)
                try await Failpoint.fail(
                    .always, #""blockConnection": true, "blockTimeMS": 300"#, appName: "leaving", on: database)
                let memory = try service.processStatus("VmRSS")
                let end = ContinuousClock.now + .seconds(6)
                let honest = try await withThrowingTaskGroup(of: Int.self) { group in
                    for id in 1...20 { group.addTask { try await Self.askHonestly(id, service, until: end) } }
                    for _ in 0..<60 { group.addTask { try await Self.leaveAgainAndAgain(service, until: end) } }
                    return try await group.reduce(0, +)
                }
                try await Failpoint.off(on: database)
                #expect(honest > 100 / Slowness.factor)
                _ = try await eventually { try await service.connections().isEmpty }
                let left = try await service.connections()
                #expect(left.isEmpty, "\(left)")
                #expect(try service.processStatus("VmRSS") < memory + (8 << 10) * Slowness.factor)
            }
        }

        private static func askHonestly(
            _ id: Int, _ service: Service, until end: ContinuousClock.Instant
        ) async throws -> Int {
            let connection = try await HTTPConnection.open(port: service.port)
            defer { connection.close() }
            var count = 0
            while ContinuousClock.now < end {
                expect(try await connection.request("/ratings/\(id)"), status: 200, body: Body.ratings("\(id)"))
                count += 1
            }
            return count
        }

        private static func leaveAgainAndAgain(
            _ service: Service, until end: ContinuousClock.Instant
        ) async throws -> Int {
            while ContinuousClock.now < end {
                let connection = try await HTTPConnection.open(port: service.port)
                connection.send("GET /ratings/1000 HTTP/1.1\r\nHost: a\r\n\r\n")
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...400)))
                switch Int.random(in: 0...3) {
                case 0: connection.close()
                case 1: connection.close(reset: true)
                case 2:
                    // FIN, and RST once nobody looks for it any more.
                    connection.finishSending()
                    try await Task.sleep(for: .milliseconds(20))
                    connection.close(reset: true)
                default:
                    connection.finishSending()
                    expect(try await connection.answer(), status: 200, body: Body.ratings("1000"))
                    #expect(try await connection.waitForClose(within: .seconds(5)) == "")
                }
            }
            return 0
        }
    }
}
