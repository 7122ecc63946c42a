import Foundation
import Processes
import Testing

@testable import Faults

extension SteadyDatabase {
    /// What clients of all kinds count on.
    @Suite
    struct ClientVariety {
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

        /// A body is never taken for the next request, however the request that it belongs to is answered.
        @Test(arguments: ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "POST"])
        func aBodyIsNoRequest(method: String) async throws {
            let hidden = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
            let bodies = [
                ("Content-Length: \(hidden.utf8.count)\r\n", hidden),
                ("Transfer-Encoding: chunked\r\n", "\(String(hidden.utf8.count, radix: 16))\r\n\(hidden)\r\n0\r\n\r\n"),
            ]
            for target in ["/ratings/1", "/ratings/x", "/nowhere", "/health"] {
                for (field, body) in bodies {
                    for pause in [0, 30] {
                        let connection = try await connect()
                        connection.send("\(method) \(target) HTTP/1.1\r\nHost: a\r\n\(field)\r\n")
                        if pause > 0 { try await Task.sleep(for: .milliseconds(pause)) }
                        connection.send(body)
                        _ = try await connection.answer(to: method)
                        let next = try await connection.request("/ratings/7")
                        expect(next, status: 200, body: Body.ratings("7"))
                        connection.close()
                    }
                }
            }
        }

        /// RFC 9110, section 10.1.1: who waits for 100 (Continue) is not kept waiting, nor is who does not wait.
        @Test(arguments: ["/ratings/0", "/ratings/x", "/nowhere"])
        func expectContinue(target: String) async throws {
            let head = "POST \(target) HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
            let final = [501, 400, 404][
                "/ratings/0 /ratings/x /nowhere".split(separator: " ").firstIndex(of: target[...]) ?? 0]
            for isHeldBack in [true, false] {
                let connection = try await connect()
                connection.send(isHeldBack ? head : head + "{}")
                if isHeldBack {
                    let start = ContinuousClock.now
                    #expect(try await connection.anyAnswer().status == 100)
                    // Without it the body would be waited for, for 10 s.
                    #expect(ContinuousClock.now - start < .seconds(2) * Slowness.factor)
                    connection.send("{}")
                }
                #expect(try await connection.answer().status == final)
                expect(try await connection.request("/ratings/7"), status: 200, body: Body.ratings("7"))
                connection.close()
            }
        }

        @Test func anotherExpectationIsNotMet() async throws {
            let connection = try await connect()
            defer { connection.close() }
            let answer = try await connection.request("/ratings/0", headers: "Expect: y\r\n")
            expect(answer, status: 417, body: "")
            // HTTP/1.0 knows no expectations.
            connection.send("GET /ratings/0 HTTP/1.0\r\nExpect: y\r\n\r\n")
            expect(try await connection.answer(), status: 200, body: Body.ratings())
        }

        @Test func http10ClosesUnlessItIsAskedNotTo() async throws {
            for (fields, keeps) in [
                ("", false), ("Connection: close\r\n", false), ("Connection: Keep-Alive\r\n", true),
            ] {
                let connection = try await connect()
                connection.send("GET /ratings/1 HTTP/1.0\r\n\(fields)\r\n")
                let answer = try await connection.answer()
                expect(answer, status: 200, body: Body.ratings("1"))
                #expect(answer["connection"] == (keeps ? "keep-alive" : "close"))
                if keeps {
                    expect(try await connection.request("/ratings/2"), status: 200, body: Body.ratings("2"))
                } else {
                    #expect(try await connection.waitForClose(within: .seconds(5)) == "")
                }
                connection.close()
            }
        }

        @Test func curlWithEitherVersion() async throws {
            for version in ["--http1.0", "--http1.1"] {
                let address = "http://127.0.0.1:\(try service.port)/ratings/4"
                let result = try await CompletedProcess.run(
                    "curl", ["--silent", "--max-time", "5", version, address, address])
                #expect(result.standardOutput == Body.ratings("4") + Body.ratings("4"), "\(result)")
            }
        }

        /// A refusal is heard, although the client sends all that it has before it listens.
        @Test(arguments: [
            ("POST /ratings/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5242880\r\n\r\n", 5 << 20, 413),
            ("GET / HTTP/1.1\r\nA: ", 300_000, 431), ("\u{1}\u{2} x\r\n\r\n", 1 << 20, 400),
        ])
        func refusalsAreHeard(head: String, size: Int, status: Int) async throws {
            for _ in 0..<10 {
                let connection = try await connect()
                connection.stopReading()
                connection.send(head)
                for _ in 0..<(size >> 16) {
                    connection.send([UInt8](repeating: UInt8(ascii: "a"), count: 1 << 16))
                    try await Task.sleep(for: .milliseconds(1))
                }
                connection.startReading()
                let answer = try await connection.answer()
                expect(answer, status: status, body: "")
                #expect(answer["connection"] == "close")
                connection.close()
            }
        }

        /// A client that is refused and never stops sending is cut off.
        @Test func whoNeverStopsIsCutOff() async throws {
            try await withService(SteadyDatabase.database.url) { service in
                let connection = try await HTTPConnection.open(port: service.port)
                defer { connection.close() }
                let start = ContinuousClock.now
                connection.send("\u{1}")
                let isClosed = try await eventually(within: .seconds(10), every: .milliseconds(50)) {
                    connection.send([UInt8](repeating: 0, count: 10_000))
                    return try await service.connections().isEmpty
                }
                #expect(isClosed)
                #expect(ContinuousClock.now - start < .seconds(4))
            }
        }

        /// Two answers one after the other are not held back by Nagle's algorithm and the client's delayed acknowledgement.
        @Test func noAnswerIsHeldBack() async throws {
            let connection = try await connect()
            defer { connection.close() }
            var times: [Duration] = []
            for id in 0..<200 {
                let start = ContinuousClock.now
                connection.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\nGET /ratings/\(id) HTTP/1.1\r\nHost: a\r\n\r\n")
                expect(try await connection.answer(), status: 200, body: Body.health)
                expect(try await connection.answer(), status: 200, body: Body.ratings("\(id)"))
                times.append(ContinuousClock.now - start)
            }
            // Held back they would take 40 ms each.
            #expect(times.sorted()[times.count / 2] < .milliseconds(20) * Slowness.factor)
        }
    }
}
