import Testing

@testable import Faults

extension SteadyDatabase {
    /// Clients that break the rules. The suite's service has to survive them all.
    @Suite
    struct BadClients {
        private static let shared = SharedService(on: SteadyDatabase.shared)
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try await Self.shared.run()
        }

        private var service: Service {
            get throws { try Self.shared.service }
        }

        private func connect() async throws -> HTTPConnection {
            try await HTTPConnection.open(port: service.port)
        }

        /// The answer, and that the connection is closed after it.
        private func expectLastAnswer(
            _ status: Int, on connection: HTTPConnection, sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let answer = try await connection.answer()
            expect(answer, status: status, body: "", sourceLocation: sourceLocation)
            _ = try await connection.waitForClose(within: .seconds(5))
        }

        /// After a refused body the connection either goes on with the next request, or it is closed.
        private func expectTooLarge(on connection: HTTPConnection) async throws {
            expect(try await connection.answer(), status: 413, body: "")
            connection.send("GET /ratings/7 HTTP/1.1\r\nHost: localhost\r\n\r\n")
            do {
                expect(try await connection.answer(within: .seconds(5)), status: 200, body: Body.ratings("7"))
            } catch is HTTPConnection.Closed {}
            connection.close()
        }

        @Test func oneHeaderOver16KB() async throws {
            let connection = try await connect()
            connection.send(
                "GET /health HTTP/1.1\r\nHost: localhost\r\nX: \(String(repeating: "a", count: 17 << 10))\r\n\r\n")
            try await expectLastAnswer(431, on: connection)
        }

        @Test func manyHeadersOver16KB() async throws {
            let connection = try await connect()
            let header = "X-Header: \(String(repeating: "a", count: 88))\r\n"
            connection.send(
                "GET /health HTTP/1.1\r\nHost: localhost\r\n" + String(repeating: header, count: 1000) + "\r\n")
            try await expectLastAnswer(431, on: connection)
        }

        @Test func requestLineOver16KB() async throws {
            let connection = try await connect()
            connection.send(
                "GET /ratings/\(String(repeating: "1", count: 17 << 10)) HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try await expectLastAnswer(431, on: connection)
        }

        @Test func headWithoutEnd() async throws {
            let connection = try await connect()
            connection.send("GET /health HTTP/1.1\r\nHost: localhost\r\n")
            for _ in 0..<40 where !connection.isClosed {
                connection.send("X: \(String(repeating: "a", count: 1000))\r\n")
            }
            try await expectLastAnswer(431, on: connection)
        }

        @Test func headerBlockUnder16KB() async throws {
            let headers = String(repeating: "a:b\r\n", count: 2500)
            expect(try await service.request(headers: headers), status: 200, body: Body.ratings())
        }

        @Test func bodyOver1MiB() async throws {
            let connection = try await connect()
            let body = "\"" + String(repeating: "a", count: 5_000_000) + "\""
            connection.send(
                "POST /ratings/0 HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body)
            try await expectTooLarge(on: connection)
        }

        @Test func chunkedBodyOver1MiB() async throws {
            let connection = try await connect()
            connection.send("POST /ratings/0 HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = "10000\r\n" + String(repeating: "1", count: 0x10000) + "\r\n"
            for _ in 0..<20 { connection.send(chunk) }
            connection.send("0\r\n\r\n")
            try await expectTooLarge(on: connection)
        }

        @Test func bodyOf1MiB() async throws {
            let body = "\"" + String(repeating: "a", count: (1 << 20) - 2) + "\""
            let answer = try await service.answer(
                to: "POST /ratings/0 HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body)
            expect(answer, status: 501, body: Body.noPost)
        }

        /// The original takes millions of levels; nobody's ratings have any.
        @Test func deepNesting() async throws {
            for (depth, status, body) in [
                (4096, 501, Body.noPost), (4097, 400, Body.noJSON), (500_000, 400, Body.noJSON),
            ] {
                let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
                let answer = try await service.answer(
                    to: "POST /ratings/0 HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(text.utf8.count)\r\n\r\n"
                        + text)
                expect(answer, status: status, body: body)
            }
        }

        /// RFC 9110, section 10.1.1: the body comes after 100 (Continue).
        @Test func expectContinue() async throws {
            let connection = try await connect()
            defer { connection.close() }
            connection.send(
                "POST /ratings/0 HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            connection.send("{}")
            expect(try await connection.answer(), status: 501, body: Body.noPost)
        }

        @Test(arguments: [
            "", "GET /health HTTP/1.1\r\nHost: loc", "GET /ratings/0 HTTP/1.1\r\nHost: localhost\r\n",
            "POST /ratings/0 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{}",
            "POST /ratings/0 HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
            "GET /ratings/0\r\n",
        ])
        func halfSentRequestIsClosedAfter10Seconds(sent: String) async throws {
            let connection = try await connect()
            defer { connection.close() }
            let start = ContinuousClock.now
            connection.send(sent)
            if sent.isEmpty {
                // Nothing is no half request: a connection may be opened ahead of its first request.
                try await Task.sleep(for: .seconds(11))
                expect(try await connection.request("/health"), status: 200, body: Body.health)
                return
            }
            _ = try await connection.waitForClose(within: .seconds(20))
            let time = ContinuousClock.now - start
            #expect(time < .seconds(14))
            // HTTP/0.9 is no request at all, and may be refused at once.
            if sent.contains("HTTP/1.1") { #expect(time > .seconds(9)) }
        }

        /// A client that sends a byte now and then must not hold a connection for ever.
        @Test func slowRequestIsClosedAfter10Seconds() async throws {
            let connection = try await connect()
            defer { connection.close() }
            let start = ContinuousClock.now
            connection.send("GET /health HTTP/1.1\r\nHost: localhost\r\nX: ")
            let isClosed = await eventually(within: .seconds(20), every: .milliseconds(250)) {
                connection.send("a")
                return connection.isClosed
            }
            #expect(isClosed)
            #expect((9.0..<14.0).contains((ContinuousClock.now - start) / .seconds(1)))
        }

        @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
            let connection = try await connect()
            defer { connection.close() }
            let targets = (0..<100).map { $0 % 3 == 0 ? "/health" : "/ratings/\($0)" }
            connection.send(targets.map { "GET \($0) HTTP/1.1\r\nHost: localhost\r\n\r\n" }.joined())
            for (id, target) in targets.enumerated() {
                let body = target == "/health" ? Body.health : Body.ratings("\(id)")
                expect(try await connection.answer(), status: 200, body: body)
            }
        }

        @Test func pipelinedRequestsOfAllKinds() async throws {
            let connection = try await connect()
            connection.send("PUT /ratings/1 HTTP/1.1\r\nHost: localhost\r\n\r\n")
            connection.send("POST /ratings/1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")
            connection.send("GET /ratings/0 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")
            connection.send("GET /ratings/2 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            connection.send("GET /ratings/3 HTTP/1.1\r\nHost: localhost\r\n\r\n")
            expect(try await connection.answer(), status: 405, body: "")
            expect(try await connection.answer(), status: 501, body: Body.noPost)
            expect(try await connection.answer(), status: 200, body: Body.ratings())
            expect(try await connection.answer(), status: 200, body: Body.ratings("2"))
            #expect(try await connection.waitForClose(within: .seconds(5)) == "")
        }

        @Test(arguments: [
            "hello world\r\n\r\n", "\u{16}\u{03}\u{01}\u{02}\u{00}garbage\r\n\r\n",
            "GET /ratings/0 HTTP/1.1\r\nHost : a\r\n\r\n", "GET /ratings/0 HTTP/9.9\r\nHost: a\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "POST /ratings/0 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        ])
        func garbageIsRefusedAndTheConnectionClosed(text: String) async throws {
            let connection = try await connect()
            connection.send(text)
            try await expectLastAnswer(400, on: connection)
        }

        @Test func garbageAfterARequest() async throws {
            let connection = try await connect()
            connection.send("GET /ratings/0 HTTP/1.1\r\nHost: localhost\r\n\r\nhello world\r\n\r\n")
            expect(try await connection.answer(), status: 200, body: Body.ratings())
            try await expectLastAnswer(400, on: connection)
        }

        @Test func randomBytes() async throws {
            for _ in 0..<50 {
                let connection = try await connect()
                connection.send((0..<Int.random(in: 1...4000)).map { _ in UInt8.random(in: 0...255) })
                connection.finishSending()
                _ = try await connection.waitForClose(within: .seconds(20))
            }
        }

        @Test func clientsThatLeave() async throws {
            for index in 0..<100 {
                let connection = try await connect()
                if index % 2 == 0 { connection.send("GET /ratings/0 HTTP/1.1\r\nHost: localhost\r\n\r\n") }
                connection.close()
            }
            try await expectRatings(from: service)
        }
    }
}
