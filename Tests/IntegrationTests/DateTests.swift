import Foundation
import LocalMongo
import Testing

extension SteadyDatabase {
    /// `Date` follows the clock, in English and in GMT, on every kind of answer.
    @Suite
    struct Dates {
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try await SteadyDatabase.shared.run()
        }

        private static let format: DateFormatter = {
            let format = DateFormatter()
            format.locale = Locale(identifier: "en_US_POSIX")
            format.timeZone = .gmt
            format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
            return format
        }()

        /// The answer's date is a second that the clock showed between the question and the answer, or the one before.
        @discardableResult
        private func expectNow(_ ask: () async throws -> HTTPAnswer) async throws -> HTTPAnswer {
            let asked = Date()
            let answer = try await ask()
            let answered = Date()
            let text = try #require(answer["date"])
            let date = try #require(Self.format.date(from: text), "\(text)")
            #expect(date <= answered, "\(text) is \(date.timeIntervalSince(answered)) s ahead")
            let behind = asked.timeIntervalSince(date)
            #expect(behind < 1 + 0.5 * Double(Slowness.factor), "\(text) is \(behind) s behind")
            return answer
        }

        @Test func isWithinASecondOfTheClock() async throws {
            let environment = ["LC_ALL": "de_DE.UTF-8", "TZ": "Asia/Tokyo"]
            try await withService(SteadyDatabase.database.url, environment: environment) { service in
                let connection = try await HTTPConnection.open(port: service.port)
                defer { connection.close() }
                for _ in 0..<2 {
                    for target in ["/ratings/1", "/health", "/nowhere", "/ratings/x"] {
                        try await expectNow { try await connection.request(target) }
                        try await Task.sleep(for: .milliseconds(310))
                    }
                }
                // Nothing happens for a while: the text of then must not be shown again.
                try await Task.sleep(for: .seconds(3))
                try await expectNow { try await connection.request("/health") }
                try await expectNow { try await service.answer(to: "garbage\r\n\r\n") }
            }
        }

        @Test func alsoInAnOutage() async throws {
            try await withService(SteadyDatabase.database.url(port: FreePort.find())) { service in
                for _ in 0..<3 {
                    let answer = try await expectNow { try await service.request().answer }
                    expect(answer, status: 500, body: Body.cannotConnect)
                    try await Task.sleep(for: .milliseconds(400))
                }
            }
        }
    }
}
