import Testing

extension SteadyDatabase {
    /// Clients that ask for much and take little.
    @Suite
    struct SlowReaders {
        private static let shared = SharedService(on: SteadyDatabase.shared)
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try await Self.shared.run()
        }

        private var service: Service {
            get throws { try Self.shared.service }
        }

        /// Far more answers than the kernel's buffers hold, taken late and at first in small pieces: whatever of one did not go
        /// out at once must still be its own, and in its place.
        @Test func everyAnswerIsWholeAndInItsPlace() async throws {
            let connection = try await HTTPConnection.open(port: service.port, receiveBuffer: 2048)
            defer { connection.close() }
            connection.stopReading()
            let count = 20_000 / Slowness.factor
            var requests = ""
            for id in 0..<count {
                requests += "GET /ratings/\(id) HTTP/1.1\r\nHost: a\r\n\r\n"
                if id % 10 == 9 { requests += "GET /health HTTP/1.1\r\nHost: a\r\n\r\n" }
            }
            connection.send(requests)
            try await Task.sleep(for: .seconds(2))
            for _ in 0..<50 {
                connection.startReading()
                try await Task.sleep(for: .microseconds(200))
                connection.stopReading()
            }
            connection.startReading()
            for id in 0..<count {
                let answer = try await connection.answer()
                try #require(answer.status == 200 && answer.body == Body.ratings("\(id)"), "\(id): \(answer)")
                if id % 10 == 9 { expect(try await connection.answer(), status: 200, body: Body.health) }
            }
        }

        /// Others are served while somebody takes nothing; and who takes nothing for 10 s is cut off.
        @Test func whoReadsNothingIsCutOffAndHoldsNobodyUp() async throws {
            let connection = try await HTTPConnection.open(port: service.port, receiveBuffer: 2048)
            defer { connection.close() }
            let threshold = try service.processStatus("VmRSS") + (8 << 10) * Slowness.factor
            connection.stopReading()
            let start = ContinuousClock.now
            connection.send(String(repeating: "GET /ratings/0 HTTP/1.1\r\nHost: a\r\n\r\n", count: 60_000))
            var times: [Duration] = []
            for _ in 0..<20 {
                let health = try await service.request("/health")
                expect(health, status: 200, body: Body.health)
                times.append(health.time)
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(times.sorted()[10] < .milliseconds(200) * Slowness.factor, "\(times)")
            #expect(try service.processStatus("VmRSS") < threshold)
            try await Task.sleep(until: start + .seconds(12), clock: .continuous)
            connection.startReading()
            let received = try await connection.waitForClose(within: .seconds(10))
            #expect(received.utf8.count < 60_000 * 150, "all was answered after all")
        }
    }
}
