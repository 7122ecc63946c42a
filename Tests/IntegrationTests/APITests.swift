import Testing

extension SteadyDatabase {
    /// The table of routes, methods and answers.
    @Suite
    struct API {
        private static let shared = SharedService(on: SteadyDatabase.shared)
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try await Self.shared.run()
        }

        private var service: Service {
            get throws { try Self.shared.service }
        }

        struct Row: Sendable, CustomTestStringConvertible {
            let method: String
            let target: String
            let status: Int
            var body = ""
            var allow: String?
            var content: String?

            var testDescription: String { "\(method) \(target)" }
        }

        static let rows = [
            Row(method: "GET", target: "/ratings/0", status: 200, body: Body.ratings()),
            Row(method: "GET", target: "/ratings/abc", status: 400, body: Body.noNumber),
            Row(
                method: "GET", target: "/ratings/\(String(repeating: "1", count: 15_000))", status: 200,
                body: Body.ratings("null")),
            Row(method: "GET", target: "http://[::1/ratings/1", status: 200, body: Body.ratings("1")),
            Row(method: "POST", target: "/ratings/0", status: 501, body: Body.noPost, content: "{}"),
            Row(method: "POST", target: "/ratings/0", status: 400, body: Body.noJSON, content: "{"),
            Row(method: "POST", target: "/ratings/0", status: 400, body: Body.noJSON, content: ""),
            Row(method: "POST", target: "/ratings/x", status: 400, body: Body.noNumber, content: "{"),
            Row(method: "POST", target: "/health", status: 405, allow: "GET, HEAD", content: "{}"),
            Row(method: "PUT", target: "/ratings/0", status: 405, allow: "GET, HEAD, POST", content: "{}"),
            Row(method: "DELETE", target: "/ratings/0", status: 405, allow: "GET, HEAD, POST"),
            Row(method: "OPTIONS", target: "/ratings/0", status: 405, allow: "GET, HEAD, POST"),
            Row(method: "TRACE", target: "/ratings/0", status: 405, allow: "GET, HEAD, POST"),
            Row(method: "PATCH", target: "/ratings/0", status: 405, allow: "GET, HEAD, POST", content: "{}"),
            Row(method: "SEARCH", target: "/ratings/0", status: 405, allow: "GET, HEAD, POST"),
            Row(method: "PUT", target: "/health", status: 405, allow: "GET, HEAD", content: "{}"),
            Row(method: "DELETE", target: "/health", status: 405, allow: "GET, HEAD"),
            Row(method: "GET", target: "/health", status: 200, body: Body.health),
            Row(method: "GET", target: "/nope", status: 404),
            Row(method: "PUT", target: "/nope", status: 404, content: "{}"),
            Row(method: "OPTIONS", target: "*", status: 404),
            Row(method: "CONNECT", target: "localhost:80", status: 404),
        ]

        @Test(arguments: rows)
        func answers(_ row: Row) async throws {
            let length = row.content.map { "Content-Length: \($0.utf8.count)\r\n" } ?? ""
            let answer = try await service.answer(
                to: "\(row.method) \(row.target) HTTP/1.1\r\nHost: localhost\r\n\(length)\r\n\(row.content ?? "")")
            expect(answer, status: row.status, body: row.body)
            #expect(answer["allow"] == row.allow)
            #expect(answer["content-length"] == String(row.body.utf8.count))
        }

        @Test(arguments: ["/ratings/0", "/health", "/ratings/abc", "/nope"])
        func headAnswersLikeGetWithoutABody(target: String) async throws {
            let service = try service
            let get = try await service.request(target).answer
            let connection = try await HTTPConnection.open(port: service.port)
            let head = try await connection.request(target, method: "HEAD", headers: "Connection: close\r\n")
            #expect(head.status == get.status)
            #expect(head["content-type"] == get["content-type"])
            #expect(head["content-length"] == get["content-length"])
            #expect(try await connection.waitForClose(within: .seconds(5)) == "", "a body followed the answer to HEAD")
        }

        @Test func clientThatClosesItsSideGetsItsAnswer() async throws {
            let connection = try await HTTPConnection.open(port: service.port)
            connection.send("GET /ratings/0 HTTP/1.1\r\nHost: localhost\r\n\r\n")
            connection.finishSending()
            expect(try await connection.answer(), status: 200, body: Body.ratings())
            #expect(try await connection.waitForClose(within: .seconds(5)) == "")
        }

        @Test func requestInSegments() async throws {
            let connection = try await HTTPConnection.open(port: service.port)
            defer { connection.close() }
            for segment in ["GET /rat", "ings/3 HTTP/1.1\r\nHo", "st: localhost\r\n", "\r\n"] {
                connection.send(segment)
                try await Task.sleep(for: .milliseconds(20))
            }
            expect(try await connection.answer(), status: 200, body: Body.ratings("3"))
        }

        @Test func listensOnIPv4AndIPv6() async throws {
            for host in ["127.0.0.1", "::1"] {
                let connection = try await HTTPConnection.open(port: service.port, host: host)
                expect(try await connection.request("/health"), status: 200, body: Body.health)
                connection.close()
            }
        }
    }
}
