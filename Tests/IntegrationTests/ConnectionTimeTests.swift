import Testing

@testable import Faults

extension SteadyDatabase {
    /// Time-outs are a request's, and not its connection's.
    @Suite
    struct ConnectionTimes {
        private static let shared = SharedService(on: SteadyDatabase.shared)
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try await Self.shared.run()
        }

        private func connect() async throws -> HTTPConnection {
            try await HTTPConnection.open(port: Self.shared.service.port)
        }

        private static func request(_ id: Int) -> String { "GET /ratings/\(id) HTTP/1.1\r\nHost: localhost\r\n\r\n" }

        @Test func aLateRequestHasAllItsTime() async throws {
            let connection = try await connect()
            defer { connection.close() }
            // In two pieces, so that its time began to count, too.
            connection.send(String(Self.request(1).prefix(20)))
            try await Task.sleep(for: .milliseconds(50))
            connection.send(String(Self.request(1).dropFirst(20)))
            expect(try await connection.answer(), status: 200, body: Body.ratings("1"))
            try await Task.sleep(for: .milliseconds(9500))
            connection.send(String(Self.request(2).prefix(20)))
            try await Task.sleep(for: .seconds(3))
            connection.send(String(Self.request(2).dropFirst(20)))
            expect(try await connection.answer(), status: 200, body: Body.ratings("2"))
        }

        /// A request and a half in one segment: the half's time begins with it.
        @Test func halfARequestBehindAWholeOneHasAllItsTime() async throws {
            let connection = try await connect()
            defer { connection.close() }
            connection.send(Self.request(3) + Self.request(4).prefix(20))
            expect(try await connection.answer(), status: 200, body: Body.ratings("3"))
            try await Task.sleep(for: .milliseconds(8500))
            connection.send(String(Self.request(4).dropFirst(20)))
            expect(try await connection.answer(), status: 200, body: Body.ratings("4"))
        }

        /// An empty line behind a body is no beginning of a request; and nothing is written on a connection that is idle.
        @Test func anEmptyLineBeginsNoRequest() async throws {
            let connection = try await connect()
            defer { connection.close() }
            connection.send("POST /ratings/5 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}\r\n")
            expect(try await connection.answer(), status: 501, body: Body.noPost)
            try await Task.sleep(for: .seconds(12))
            #expect(connection.received.isEmpty && !connection.isClosed)
            expect(try await connection.request("/ratings/6"), status: 200, body: Body.ratings("6"))
        }

        @Test func whoSaysNothingAtFirstMayAskLater() async throws {
            let connection = try await connect()
            defer { connection.close() }
            try await Task.sleep(for: .seconds(15))
            #expect(connection.received.isEmpty && !connection.isClosed)
            expect(try await connection.request("/ratings/7"), status: 200, body: Body.ratings("7"))
        }

        @Test func aBodyThatDripsIsCutOff() async throws {
            let connection = try await connect()
            defer { connection.close() }
            let start = ContinuousClock.now
            connection.send("POST /ratings/0 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n")
            let isClosed = await eventually(within: .seconds(20), every: .milliseconds(250)) {
                connection.send(" ")
                return connection.isClosed
            }
            #expect(isClosed)
            #expect((9.5..<14.0).contains((ContinuousClock.now - start) / .seconds(1)))
        }
    }
}
