import LocalMongo
import Processes
import Testing

extension SteadyDatabase {
    /// The end as a proxy sees it, which keeps connections and may just have written a request to one.
    @Suite
    struct Drains {
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try await SteadyDatabase.shared.run()
        }

        @Test func aKeptConnectionGetsOneMoreAnswer() async throws {
            let service = try await Service.start(SteadyDatabase.database.url)
            let connection = try await HTTPConnection.open(port: service.port)
            _ = try await connection.request("/health")
            let silent = try await HTTPConnection.open(port: service.port)
            let start = ContinuousClock.now
            service.process.send(.terminate)
            try await Task.sleep(for: .milliseconds(1000))
            #expect(!connection.isClosed && !silent.isClosed)
            let answer = try await connection.request("/ratings/3")
            expect(answer, status: 200, body: Body.ratings("3"))
            #expect(answer["connection"] == "close")
            #expect(try await connection.waitForClose(within: .seconds(1)) == "")
            // Who asks nothing more is let go in time.
            #expect(try await silent.waitForClose(within: .seconds(5)) == "")
            #expect(ContinuousClock.now - start > .seconds(2))
            #expect(try await service.process.waitForExit(within: .seconds(5)) == .exited(0))
            #expect(ContinuousClock.now - start < shutdownLimit)
        }

        @Test func aPersonDoesNotWait() async throws {
            let service = try await Service.start(SteadyDatabase.database.url)
            let connection = try await HTTPConnection.open(port: service.port)
            _ = try await connection.request("/health")
            let (status, time) = try await service.end(by: .interrupt)
            #expect(status == .exited(0))
            #expect(time < .seconds(2) * Slowness.factor)
        }

        /// Clients 2 ms away that look for the end of the connection before they write, as a proxy does.
        @Test func noRequestIsLost() async throws {
            let url = try SteadyDatabase.database.url
            for round in 0..<(Slowness.isSanitized ? 2 : 8) {
                let service = try await Service.start(url)
                let lost = try await withThrowingTaskGroup(of: Int.self) { group in
                    for id in 0..<32 { group.addTask { try await Self.ask(service, id) } }
                    try await Task.sleep(for: .milliseconds(200 + round * 3))
                    service.process.send(.terminate)
                    return try await group.reduce(0, +)
                }
                #expect(lost == 0, "round \(round)")
                #expect(try await service.process.waitForExit(within: .seconds(5)) == .exited(0))
            }
        }

        /// - Returns: how many requests were written and not answered.
        private static func ask(_ service: Service, _ id: Int) async throws -> Int {
            let connection = try await HTTPConnection.open(port: service.port)
            defer { connection.close() }
            while !connection.isClosed {
                try await Task.sleep(for: .milliseconds(2))
                guard let answer = try? await connection.request("/ratings/\(id)") else { return 1 }
                expect(answer, status: 200, body: Body.ratings("\(id)"))
                if answer["connection"] == "close" { return 0 }
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...20)))
            }
            return 0
        }

        /// The process is stopped for longer than a request may take: what its clients sent in time counts.
        @Test func aPauseOfTheProcessCutsNobodyOff() async throws {
            try await withService(SteadyDatabase.database.url) { service in
                let connection = try await HTTPConnection.open(port: service.port)
                connection.send("GET /ratings/4 HTTP/1.1\r\nHost: a\r\n")
                try await Task.sleep(for: .milliseconds(200))
                service.process.send(.suspend)
                try await Task.sleep(for: .milliseconds(300))
                connection.send("\r\n")
                try await Task.sleep(for: .seconds(11))
                service.process.send(.resume)
                expect(try await connection.answer(), status: 200, body: Body.ratings("4"))
            }
        }
    }
}
