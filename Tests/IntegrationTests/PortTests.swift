import LocalMongo
import Processes
import Testing

@testable import Faults

extension SteadyDatabase {
    /// The port is this process's alone, or the process does not start.
    @Suite
    struct Ports {
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try await SteadyDatabase.shared.run()
        }

        private func expectRefusal(of port: Int, sourceLocation: SourceLocation = #_sourceLocation) async throws {
            let start = ContinuousClock.now
            let result = try await Program.run(["\(port)"], environment: ["MONGO_DB_URL": SteadyDatabase.database.url])
            #expect(result.status == .exited(1), sourceLocation: sourceLocation)
            let line = "ratings: cannot listen on port \(port): address already in use\n"
            #expect(result.standardError == line, sourceLocation: sourceLocation)
            #expect(ContinuousClock.now - start < .seconds(3) * Slowness.factor, sourceLocation: sourceLocation)
        }

        @Test func anotherServiceHasIt() async throws {
            try await withService(SteadyDatabase.database.url) { service in
                try await expectRefusal(of: service.port)
                try await expectRatings(from: service)
            }
        }

        /// Never half of the addresses: who asks the other half would reach somebody else.
        @Test func somebodyHasItOnIPv4Only() async throws {
            let listener = try Listener(host: "0.0.0.0")
            try await expectRefusal(of: listener.port)
        }

        @Test func somebodyHasItOnIPv6Only() async throws {
            let listener = try Listener(host: "::", onlyIPv6: true)
            try await expectRefusal(of: listener.port)
        }

        /// Sockets in TIME_WAIT from the life before are no obstacle.
        @Test func itIsFreeAgainAtOnce() async throws {
            let url = try SteadyDatabase.database.url
            let first = try await Service.start(url)
            for _ in 0..<50 {
                // Who closes first gets the socket in TIME_WAIT.
                _ = try await first.request("/health", headers: "Connection: close\r\n")
            }
            _ = try await first.end()
            let second = try await Service.start(url, port: first.port)
            try await expectRatings(from: second)
            #expect(try await second.end().status == .exited(0))
        }
    }
}
