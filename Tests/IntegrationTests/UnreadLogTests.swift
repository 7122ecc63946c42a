import LocalMongo
import Processes
import Testing

@testable import Faults

extension SteadyDatabase {
    /// Standard output is a pipe, and its reader is slow or has stopped.
    @Suite
    struct UnreadLogs {
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try await SteadyDatabase.shared.run()
        }

        private func start(_ pipe: UnreadPipe) async throws -> (process: ChildProcess, port: Int) {
            let port = try FreePort.find()
            let process = try await ChildProcess.start(
                Program.path(), ["\(port)"],
                environment: Program.environment(["MONGO_DB_URL": SteadyDatabase.database.url, "LOG_LEVEL": "debug"]),
                output: .file(pipe.path))
            let isThere = await eventually { FreePort.isAnswering(port) || !process.isRunning }
            try #require(isThere && process.isRunning)
            return (process, port)
        }

        @Test func nobodyWaitsForTheLog() async throws {
            let pipe = try UnreadPipe()
            let (process, port) = try await start(pipe)
            let connection = try await HTTPConnection.open(port: port)
            // More lines than there is room for.
            for id in 0..<3000 / Slowness.factor {
                let answer = try await connection.request("/ratings/x\(id)", within: .seconds(2) * Slowness.factor)
                expect(answer, status: 400, body: Body.noNumber)
            }
            connection.close()
            let start = ContinuousClock.now
            process.send(.terminate)
            #expect(try await process.waitForExit(within: .seconds(10)) == .exited(0))
            #expect(ContinuousClock.now - start < shutdownLimit)
        }

        @Test func whatWasLostIsTold() async throws {
            let pipe = try UnreadPipe()
            let (process, port) = try await start(pipe)
            let connection = try await HTTPConnection.open(port: port)
            let count = 4000
            for _ in 0..<count / 100 {
                connection.send(String(repeating: "GET /ratings/x HTTP/1.1\r\nHost: a\r\n\r\n", count: 100))
                for _ in 0..<100 { _ = try await connection.answer() }
            }
            connection.close()
            var text = ""
            let isTold = await eventually {
                text += pipe.read()
                return text.contains("lost: standard output was not read in time")
            }
            #expect(isTold)
            let lines = text.drop { $0 == "." }.split(separator: "\n")
            let account = lines.first { $0.contains("lines were lost") }?.split(separator: " ")
            let lost = try #require(account.flatMap { $0.dropFirst(4).first.flatMap { Int($0) } }, "\(account ?? [])")
            let written = lines.count { $0.contains("path=/ratings/x") }
            #expect(lost > 0 && written + lost >= count, "\(written) lines written, \(lost) lost")
            // From here on nothing is lost.
            expect(try await HTTPConnection.open(port: port).request("/health"), status: 200, body: Body.health)
            process.send(.terminate)
            #expect(try await process.waitForExit(within: .seconds(10)) == .exited(0))
            let rest = pipe.read()
            #expect(rest.contains("path=/health") && rest.contains("stopped"), "\(rest)")
        }
    }
}
