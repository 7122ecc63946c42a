import LocalMongo
import Processes
import Testing

extension FailingDatabase {
    /// The end comes at any moment: while reads are under way, while the database is frozen, and twice.
    @Suite(.serialized)
    struct Terminations {
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideFew)
            try await FailingDatabase.shared.run()
        }

        enum Database: String, CaseIterable, Sendable {
            case slow, frozen
        }

        @Test(arguments: Database.allCases)
        func whileReadsAreUnderWay(_ state: Database) async throws {
            let database = try FailingDatabase.database
            let url = database.url(options: ["appName=terminated"])
            if state == .slow {
                try await Failpoint.fail(
                    .always, #""blockConnection": true, "blockTimeMS": 200"#, appName: "terminated", on: database)
            }
            for round in 0..<(state == .slow ? 12 : 3) {
                let service = try await Service.start(url)
                let connections = try await withThrowingTaskGroup(of: HTTPConnection.self) { group in
                    for _ in 0..<8 { group.addTask { try await HTTPConnection.open(port: service.port) } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                if state == .frozen { database.mongod.send(.suspend) }
                for connection in connections { connection.send("GET /ratings/0 HTTP/1.1\r\nHost: a\r\n\r\n") }
                try await Task.sleep(for: .milliseconds(round * 60))
                async let end = service.end()
                if round % 3 == 0 {
                    try await Task.sleep(for: .milliseconds(30))
                    service.process.send(.terminate)
                }
                for connection in connections {
                    let status = try? await connection.answer().status
                    // At once the service may not have read the request yet.
                    #expect(status == (state == .slow ? 200 : 500) || status == nil && round == 0, "round \(round)")
                }
                let (status, time) = try await end
                #expect(status == .exited(0), "round \(round): \(service.log)")
                #expect(time < shutdownLimit, "round \(round)")
                if state == .frozen { database.mongod.send(.resume) }
            }
            if state == .slow { try await Failpoint.off(on: database) }
        }
    }
}
