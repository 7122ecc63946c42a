import Foundation
import LocalMongo
import Testing

extension ChangingDatabase {
    /// One read serves many requests, and asks only for what is needed.
    @Suite(.serialized)
    struct SharedReads {
        private static let shared = SharedService(on: ChangingDatabase.shared)
        private let turn: Turn

        init() async throws {
            turn = await Turn(.alone)
            try await Self.shared.run()
        }

        private var service: Service {
            get throws { try Self.shared.service }
        }

        private func seed() async throws {
            try await ChangingDatabase.database.setRatings([#"{"rating": 1}"#, #"{"rating": 1}"#])
        }

        @Test func manyRequestsShareFewReads() async throws {
            try await seed()
            let database = try ChangingDatabase.database
            let service = try service
            let before = try await ServerCounters(of: database)
            let load = await Load.run(on: service, connections: 64, requestsEach: 50)
            let after = try await ServerCounters(of: database)
            #expect(load.count(status: 200, body: Body.ratings()) == 3200, "\(load.broken)")
            // Who waits for the next read is not forgotten until a time-out.
            #expect(load.median < .milliseconds(50) * Slowness.factor)
            let reads = after.queries - before.queries
            print(
                "shared reads: 3200 requests on 64 connections, \(reads) reads, \(after.connections - before.connections) new connections"
            )
            #expect(reads > 0)
            #expect(reads < 3200 / 4)
            // The pool's few, not one for each request.
            #expect(after.connections - before.connections <= 12)
        }

        /// While one read is held up, hundreds of requests wait for at most a few others.
        @Test func requestsDuringASlowRead() async throws {
            try await seed()
            let database = try ChangingDatabase.database
            let service = try service
            try await withService(database.url(options: ["appName=slow"])) { service in
                try await expectStatus(200, from: service)
                try await Failpoint.fail(
                    .always, #""blockConnection": true, "blockTimeMS": 400"#, appName: "slow", on: database)
                let before = try await ServerCounters(of: database)
                let load = await Load.run(on: service, connections: 256, requestsEach: 1)
                let after = try await ServerCounters(of: database)
                try await Failpoint.off(on: database)
                #expect(load.count(status: 200, body: Body.ratings()) == 256, "\(load.broken)")
                print(
                    "shared reads: 256 requests, reads of 400 ms: \(after.queries - before.queries) reads, slowest answer \(load.slowest)"
                )
                #expect((1...12 * Slowness.factor).contains(after.queries - before.queries))
                #expect(load.slowest < requestLimit)
            }
            try await expectStatus(200, from: service)
        }

        private func expectStatus(_ status: Int, from service: Service) async throws {
            #expect(try await service.request().answer.status == status)
        }

        /// mongod's profiler shows the command as it came.
        @Test func asksForTwoDocuments() async throws {
            let database = try ChangingDatabase.database
            try await database.setRatings((1...10).map { #"{"rating": \#($0), "comment": "\#($0)"}"# })
            try await database.runCommand(#"{"profile": 2}"#)
            #expect(try await service.request().answer.status == 200)
            try await database.runCommand(#"{"profile": 0}"#)
            let json = try await database.runCommand(
                #"{"find": "system.profile", "filter": {"appName": "ratings-v2", "ns": "test.ratings"}}"#)
            let reply = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
            let entries = try #require((reply["cursor"] as? [String: Any])?["firstBatch"] as? [[String: Any]])
            try #require(!entries.isEmpty)
            for entry in entries {
                let command = try #require(entry["command"] as? [String: Any])
                #expect(command["find"] as? String == "ratings")
                #expect(command["limit"] as? Int == 2)
                let projection = try #require(command["projection"] as? [String: Int])
                #expect(projection == ["_id": 0])
                #expect(entry["docsExamined"] as? Int == 2)
                #expect(entry["nreturned"] as? Int == 2)
            }
        }

        @Test func twoThousandRequestsOn256Connections() async throws {
            try await seed()
            // 8 x 256 are 2,048: 208 connections send eight, 48 send seven.
            let service = try service
            async let most = Load.run(on: service, connections: 208, requestsEach: 8)
            async let rest = Load.run(on: service, connections: 48, requestsEach: 7)
            let loads = await [most, rest]
            #expect(loads.map(\.requests.count).reduce(0, +) == 2000)
            #expect(loads.map { $0.count(status: 200, body: Body.ratings()) }.reduce(0, +) == 2000)
            #expect(loads.flatMap(\.broken).isEmpty)
            let slowest = loads.map(\.slowest).max() ?? .zero
            print("2,000 requests on 256 connections: slowest \(slowest)")
            #expect(slowest < requestLimit)
        }
    }
}
