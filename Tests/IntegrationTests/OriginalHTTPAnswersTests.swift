import Foundation
import Testing

/// What the original ratings v2 answered to odd requests; Resources/http.json holds the recorded answers.
extension SteadyDatabase {
    @Suite
    struct OriginalHTTPAnswers {
        private static let shared = SharedService(on: SteadyDatabase.shared)
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try await Self.shared.run()
        }

        private var service: Service {
            get throws { try Self.shared.service }
        }

        struct Case: Decodable, Sendable, CustomTestStringConvertible {
            /// A request for this target with nothing but a Host header.
            var get: String?
            /// Any other request, with what it is.
            var name: String?
            var send: String?
            /// Whether the client closes its side after that.
            var halfClose: Bool?
            var status: Int
            var body: String

            var testDescription: String { String((name ?? "GET \(get ?? "")").prefix(80)) }

            /// One character of the file is one byte.
            var bytes: [UInt8] {
                let text = send ?? "GET \(get ?? "") HTTP/1.1\r\nHost: localhost\r\n\r\n"
                return text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
            }
        }

        @Test(arguments: Resource.decode([Case].self, from: "http.json"))
        func answersAsTheOriginal(_ original: Case) async throws {
            let connection = try await HTTPConnection.open(port: service.port)
            defer { connection.close() }
            connection.send(original.bytes)
            if original.halfClose == true { connection.finishSending() }
            let answer = try await connection.answer()
            // The one recorded case that this service answers otherwise.
            let isFirstOfTwo = original.testDescription == Difference.all[0].name
            expect(
                answer, status: isFirstOfTwo ? 200 : original.status,
                body: isFirstOfTwo ? Body.ratings("1") : original.body)
        }
    }
}
