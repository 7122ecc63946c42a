import Foundation
import LocalMongo
import Processes
import Testing

@testable import Faults

extension SteadyDatabase {
    /// SIGTERM and SIGINT: no new connections, requests under way are answered, exit status 0 within 3 s.
    @Suite
    struct Shutdown {
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try await SteadyDatabase.shared.run()
        }

        private func expectEnd(
            of service: Service, by signal: Signal = .terminate, sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let (status, time) = try await service.end(by: signal)
            #expect(status == .exited(0), "\(service.log.suffix(3000))", sourceLocation: sourceLocation)
            #expect(time < shutdownLimit, sourceLocation: sourceLocation)
            #expect(service.logLines(with: "stopped").count == 1, sourceLocation: sourceLocation)
        }

        @Test(arguments: [Signal.terminate, .interrupt])
        func idle(signal: Signal) async throws {
            let service = try await Service.start(SteadyDatabase.database.url)
            try await expectRatings(from: service)
            try await expectEnd(of: service, by: signal)
        }

        @Test func atOnceAfterTheStart() async throws {
            let service = try await Service.start(SteadyDatabase.database.url)
            try await expectEnd(of: service)
        }

        /// Connections in every state that a client can leave them in.
        @Test func idleAndHalfSentConnections() async throws {
            let service = try await Service.start(SteadyDatabase.database.url)
            var connections: [HTTPConnection] = []
            for text in [
                "", "GET /ratings/0 HTTP/1.1\r\nHost: loc",
                "POST /ratings/0 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{}",
            ] {
                for _ in 0..<10 {
                    let connection = try await HTTPConnection.open(port: service.port)
                    connection.send(text)
                    connections.append(connection)
                }
            }
            for _ in 0..<10 {
                let connection = try await HTTPConnection.open(port: service.port)
                expect(try await connection.request("/ratings/0"), status: 200, body: Body.ratings())
                connections.append(connection)
            }
            try await expectEnd(of: service)
            for connection in connections { _ = try await connection.waitForClose(within: .seconds(1)) }
        }

        @Test(arguments: [Signal.terminate, .interrupt])
        func requestsUnderWayAreAnswered(signal: Signal) async throws {
            try await withSlowFind(milliseconds: 900) { service in
                let keepAlive = try await HTTPConnection.open(port: service.port)
                let closing = try await HTTPConnection.open(port: service.port)
                let pipelined = try await HTTPConnection.open(port: service.port)
                keepAlive.send("GET /ratings/0 HTTP/1.1\r\nHost: localhost\r\n\r\n")
                closing.send("GET /ratings/1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                pipelined.send(
                    "GET /ratings/2 HTTP/1.1\r\nHost: localhost\r\n\r\nGET /ratings/3 HTTP/1.1\r\nHost: localhost\r\n\r\n"
                )
                try await Task.sleep(for: .milliseconds(200))
                async let end: Void = expectEnd(of: service, by: signal)
                expect(try await keepAlive.answer(), status: 200, body: Body.ratings())
                expect(try await closing.answer(), status: 200, body: Body.ratings("1"))
                expect(try await pipelined.answer(), status: 200, body: Body.ratings("2"))
                try await end
            }
        }

        @Test func noNewConnections() async throws {
            try await withSlowFind(milliseconds: 1200) { service in
                let connection = try await HTTPConnection.open(port: service.port)
                connection.send("GET /ratings/0 HTTP/1.1\r\nHost: localhost\r\n\r\n")
                try await Task.sleep(for: .milliseconds(200))
                service.process.send(.terminate)
                let isRefused = await eventually(within: .milliseconds(500) * Slowness.factor) {
                    !FreePort.isAnswering(service.port)
                }
                #expect(isRefused)
                #expect(service.process.isRunning)
                // A second signal changes nothing.
                try await expectEnd(of: service)
                expect(try await connection.answer(), status: 200, body: Body.ratings())
            }
        }

        @Test func underLoad() async throws {
            let service = try await Service.start(SteadyDatabase.database.url)
            async let load = Load.run(on: service, connections: 32) { !service.process.isRunning }
            try await Task.sleep(for: .milliseconds(500))
            try await expectEnd(of: service)
            let result = await load
            #expect(result.requests.count > 100 / Slowness.factor)
            #expect(result.count(status: 200, body: Body.ratings()) == result.requests.count)
            #expect(result.slowest < requestLimit)
        }

        /// Databases that are dead in different ways, with requests that wait for them.
        @Test(arguments: [
            DatabaseFault.refused, .silent, .silentAfterTLSHandshake, .synUnanswered, .nameNotFound,
        ])
        func databaseIsDead(fault: DatabaseFault) async throws {
            let broken = try await fault.make(on: SteadyDatabase.database)
            for delay in [0, 300, 2500] {
                let service = try await Service.start(broken.url)
                let connection = try await HTTPConnection.open(port: service.port)
                connection.send("GET /ratings/0 HTTP/1.1\r\nHost: localhost\r\n\r\n")
                try await Task.sleep(for: .milliseconds(delay))
                async let end: Void = expectEnd(of: service)
                if delay > 0 { expect(try await connection.answer(), status: 500, body: Body.cannotConnect) }
                try await end
            }
            withExtendedLifetime(broken.owner) {}
        }

        /// The connections worked, and then the network swallows everything.
        @Test func databaseBecomesABlackHole() async throws {
            let database = try SteadyDatabase.database
            let relay = try Relay.start(to: database.port)
            let service = try await Service.start(database.url(port: relay.port))
            try await expectRatings(from: service)
            relay.mode = .silent
            let connection = try await HTTPConnection.open(port: service.port)
            connection.send("GET /ratings/0 HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try await Task.sleep(for: .milliseconds(300))
            async let end: Void = expectEnd(of: service)
            #expect(try await connection.answer().status == 500)
            try await end
        }

        private func withSlowFind(milliseconds: Int, _ body: (Service) async throws -> Void) async throws {
            // Blocks in the server, for this service alone; `failCommand` is one for the server, so tests use a mongod
            // of their own where they run beside others.
            let mongod = try await PlainMongod.start { $0.parameters["enableTestCommands"] = "1" }
            let url = "mongodb://localhost:\(mongod.port)/test"
            let administrator = try MongoAdministrator(url: url)
            try await administrator.runCommand(
                #"{"insert": "ratings", "documents": [{"rating": 1}, {"rating": 1}]}"#, on: "test")
            let service = try await Service.start(url)
            try await expectRatings(from: service)
            try await administrator.runCommand(
                #"""
                {"configureFailPoint": "failCommand", "mode": "alwaysOn",
                 "data": {"failCommands": ["find"], "blockConnection": true, "blockTimeMS": \#(milliseconds)}}
                """#, on: "admin")
            try await body(service)
            try await administrator.reconnect()
            withExtendedLifetime(mongod) {}
        }
    }
}
