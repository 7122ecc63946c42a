import LocalMongo
import Testing

extension ChangingDatabase {
    /// Nothing is cached: every answer shows a value at least as new as the last write that was acknowledged before its
    /// request was sent.
    @Suite(.serialized)
    struct Freshness {
        private static let shared = SharedService(on: ChangingDatabase.shared)
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try await Self.shared.run()
        }

        private var service: Service {
            get throws { try Self.shared.service }
        }

        @Test func writeBetweenTwoRequests() async throws {
            let connection = try await HTTPConnection.open(port: service.port)
            defer { connection.close() }
            try await ChangingDatabase.database.setRatings([#"{"rating": 0}"#, #"{"rating": 0}"#])
            for value in 1...200 {
                try await write(value)
                expect(
                    try await connection.request("/ratings/0"), status: 200, body: Body.ratings("0", "\(value)", "0"))
            }
        }

        @Test func writesUnderLoad() async throws {
            let service = try service
            try await ChangingDatabase.database.setRatings([#"{"rating": 0}"#, #"{"rating": 0}"#])
            let acknowledged = Number()
            let answered = Number()
            var writes = 0
            let over = Switch()
            let answers = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<32 {
                    group.addTask {
                        let connection = try await HTTPConnection.open(port: service.port)
                        defer { connection.close() }
                        var count = 0
                        while !over.isOn {
                            let before = acknowledged.value
                            let answer = try await connection.request("/ratings/0")
                            let shown = Int(answer.body.split(separator: ":")[3].prefix { $0.isNumber }) ?? -1
                            if answer.status != 200 || shown < before {
                                Issue.record("sent after \(before) was written, answered \(answer.body)")
                                return count
                            }
                            count += 1
                            answered.add(1)
                        }
                        return count
                    }
                }
                let end = ContinuousClock.now + .seconds(30)
                while writes < 300 || answered.value < 300, ContinuousClock.now < end {
                    writes += 1
                    try await write(writes)
                    acknowledged.value = writes
                }
                over.turnOn()
                return try await group.reduce(0, +)
            }
            print("freshness: \(writes) writes, \(answers) answers on 32 connections, none older than its request")
            #expect(answers >= 300)
        }

        private func write(_ value: Int) async throws {
            try await ChangingDatabase.database.runCommand(
                #"{"update": "ratings", "updates": [{"q": {}, "u": {"$set": {"rating": \#(value)}}}]}"#)
        }
    }
}
