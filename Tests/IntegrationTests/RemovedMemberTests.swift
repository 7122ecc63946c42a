import LocalMongo
import Testing

@testable import Faults

extension SteadyDatabase {
    /// A host of the connection string that the replica set does not name: the driver watches it no longer, and what it last
    /// said of itself counts no longer.
    @Suite
    struct RemovedMembers {
        private let turn: Turn

        init() async throws { turn = await Turn(.besideOthers) }

        @Test func areForgotten() async throws {
            let set = try await SingleMemberSet.start()
            let url = "mongodb://127.0.0.1:\(set.port)/test?replicaSet=rs0"
            try await withService(url) { service in
                let isThere = try await eventually { try await service.request().answer.status == 200 }
                #expect(isThere)
                set.kill()
                expect(try await service.request(), status: 500, body: Body.cannotConnect)
                let isTold = await eventually { !service.logLines(with: "cannot connect").isEmpty }
                #expect(isTold)
                // What the heartbeats say, of the one member: the driver's selection would give up later and say less.
                let line = FaultSentences.normalized(service.logLines(with: "cannot connect").first ?? "")
                let reason = line.split(separator: " reason=").last ?? ""
                #expect(
                    reason.hasPrefix("localhost:PORT: Failed to connect to target host: localhost:PORT, after N ms"),
                    "\(line)")
                #expect(!reason.contains("127.0.0.1"), "\(line)")
            }
        }
    }
}
