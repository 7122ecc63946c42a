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

        private func expectNow(_ answer: HTTPAnswer) throws {
            let now = Date()
            let text = try #require(answer["date"])
            let date = try #require(Self.format.date(from: text), "\(text)")
            // The second that the clock shows, or the one before where it has just passed.
            let behind = now.timeIntervalSince(date)
            #expect(behind >= 0 && behind < 1 + 0.5 * Double(Slowness.factor), "\(text) is \(behind) s behind")
        }

        @Test func isWithinASecondOfTheClock() async throws {
            let environment = ["LC_ALL": "de_DE.UTF-8", "TZ": "Asia/Tokyo"]
            try await withService(SteadyDatabase.database.url, environment: environment) { service in
                let connection = try await HTTPConnection.open(port: service.port)
                defer { connection.close() }
                for _ in 0..<2 {
                    for target in ["/ratings/1", "/health", "/nowhere", "/ratings/x"] {
                        try expectNow(try await connection.request(target))
                        try await Task.sleep(for: .milliseconds(310))
                    }
                }
                // Nothing happens for a while: the text of then must not be shown again.
                try await Task.sleep(for: .seconds(3))
                try expectNow(try await connection.request("/health"))
                try expectNow(try await service.answer(to: "garbage\r\n\r\n"))
            }
        }

        @Test func alsoInAnOutage() async throws {
            try await withService(SteadyDatabase.database.url(port: FreePort.find())) { service in
                for _ in 0..<3 {
                    let answer = try await service.request().answer
                    expect(answer, status: 500, body: Body.cannotConnect)
                    try expectNow(answer)
                    try await Task.sleep(for: .milliseconds(400))
                }
            }
        }
    }
}
