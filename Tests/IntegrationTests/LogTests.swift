import LocalMongo
import Testing

@testable import Faults

extension SteadyDatabase {
    /// What an operator reads when all is well.
    @Suite
    struct Logs {
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try await SteadyDatabase.shared.run()
        }

        @Test func startAndStopAtInfo() async throws {
            let database = try SteadyDatabase.database
            let service = try await Service.start(database.url)
            for _ in 0..<10 { try await expectRatings(from: service) }
            _ = try await service.end()
            let lines = service.log.split(separator: "\n")
            #expect(lines.count == 2, "\(lines)")
            let start = try #require(service.logLines(with: "listening").first)
            for part in ["port=\(service.port)", "localhost:\(database.port)", "tls=on", " info "] {
                #expect(start.contains(part), "\(start)")
            }
            #expect(!start.contains("bookinfo"))
            #expect(service.logLines(with: "stopped").count == 1)
        }

        @Test func tlsOff() async throws {
            try await withService("mongodb://localhost:\(FreePort.find())/test") { service in
                #expect(service.logLines(with: "listening").first?.contains("tls=off") == true)
            }
        }

        @Test func oneLinePerRequestAtDebug() async throws {
            try await withService(SteadyDatabase.database.url, environment: ["LOG_LEVEL": "debug"]) { service in
                _ = try await service.request("/ratings/7", headers: "x-request-id: 11aa-22bb\r\n")
                _ = try await service.request("/nope", method: "PUT", headers: "X-Request-Id: 33cc\r\n")
                _ = try await service.request("/health")
                let isThere = await eventually { service.logLines(with: "path=/health").count == 1 }
                #expect(isThere)
                let first = service.logLines(with: "x-request-id=11aa-22bb")
                #expect(first.count == 1)
                for part in ["method=GET", "path=/ratings/7", "status=200", "ms="] {
                    #expect(first.first?.contains(part) == true, "\(first)")
                }
                let second = service.logLines(with: "x-request-id=33cc")
                #expect(second.count == 1)
                for part in ["method=PUT", "path=/nope", "status=404"] {
                    #expect(second.first?.contains(part) == true, "\(second)")
                }
            }
        }

        /// A client must not write lines of its own into the log.
        @Test func requestCannotForgeALine() async throws {
            try await withService(SteadyDatabase.database.url, environment: ["LOG_LEVEL": "debug"]) { service in
                _ = try await service.request("/ratings/1?%0aforged", headers: "x-request-id: a\tforged\r\n")
                _ = try await service.request("/health")
                let isThere = await eventually { service.logLines(with: "path=/health").count == 1 }
                #expect(isThere)
                #expect(service.log.split(separator: "\n").allSatisfy { $0.first?.isNumber == true })
            }
        }
    }
}
