import LocalMongo
import Testing

@testable import Faults

extension OwnDatabase {
    /// mongod has as many connections as it takes (`maxIncomingConnections`): it accepts further ones and closes them at once.
    @Suite
    struct NoRoom {
        private let turn: Turn

        init() async throws { turn = await Turn(.besideFew) }

        /// None is left: with one, the driver's heartbeats and its reads take it from each other.
        @Test func isNamedAndNotStormed() async throws {
            var options = BookinfoDatabase.Options()
            options.maximumConnections = 12
            let database = try await BookinfoDatabase.start(options)
            let relay = try Relay.start(to: database.port)
            func available() async throws -> Int {
                let reply = try await database.runCommand(#"{"serverStatus": 1, "repl": 0, "metrics": 0}"#, on: "admin")
                return try #require(reply.firstMatch(of: /"available" : (-?\d+)/).flatMap { Int($0.1) })
            }
            var others: [Socket] = []
            // Connections that helped to start mongod may yet end, and leave room.
            var looks = 0
            while looks < 4 {
                let isTaken = try await available() <= 0
                looks = isTaken ? looks + 1 : 0
                if !isTaken { others.append(try Socket.connect(port: database.port)) }
                try await Task.sleep(for: .milliseconds(500))
            }
            let service = try await Service.start(database.url(port: relay.port))
            expect(try await service.request(), status: 500, body: Body.cannotConnect)
            let isTold = try await eventually {
                _ = try await service.request()
                return !service.logLines(with: "cannot connect").isEmpty
            }
            #expect(isTold)
            let line = FaultSentences.normalized(service.logLines(with: "cannot connect").first ?? "")
            #expect(line.contains(" cause=closedDuringHandshake "), "\(line)")
            #expect(line.contains("has room for connections (maxIncomingConnections)"), "\(line)")
            let (before, start) = (relay.accepted, ContinuousClock.now)
            while ContinuousClock.now < start + .seconds(5) {
                expect(try await service.request(), status: 500, body: Body.cannotConnect)
                try await Task.sleep(for: .milliseconds(50))
            }
            let perSecond = Double(relay.accepted - before) / ((ContinuousClock.now - start) / .seconds(1))
            for other in others { other.close() }
            // It takes mongod a while to notice that they are gone.
            let hasRoom = try await eventually { try await available() >= 4 }
            #expect(hasRoom)
            let freed = ContinuousClock.now
            let isBack = try await eventually { try await service.request().answer.status == 200 }
            let recovery = ContinuousClock.now - freed
            print("no room: \(perSecond) connections a second, good after \(recovery)")
            #expect(perSecond <= 4)
            #expect(isBack && recovery < .seconds(2) * Slowness.factor)
            #expect(try await service.end().status == .exited(0))
            try await database.mongod.stop(.kill)
        }
    }
}
