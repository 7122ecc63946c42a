import Foundation
import LocalMongo
import Processes

/// An HTTP server that this process started on a free port.
struct Service: Sendable {
    let process: ChildProcess
    let port: Int

    static func start(
        _ executable: String, environment: [String: String?], arguments: (_ port: Int) -> [String]
    ) async throws -> Service {
        let port = try FreePort.find()
        let quiet = environment.merging(["LOG_LEVEL": "warning"]) { given, _ in given }
        let process = try await ChildProcess.start(
            executable, arguments(port), environment: quiet, output: .inherited)
        return Service(process: process, port: port)
    }

    func address(of path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

    /// Asks until the server answers, every millisecond. The first answer must be `body` with status 200.
    ///
    /// - Throws: ``LocalMongoError`` where there is another answer, or none within 10 s.
    func waitForAnswer(_ body: String, at path: String) async throws {
        let end = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < end, process.isRunning {
            if FreePort.isAnswering(port) {
                let response = try await Blocking.run { try HTTPGet.response(port: port, path: path) }
                guard response.status == 200, response.body == body else {
                    throw LocalMongoError(
                        "\(process.name) answered \(path) with \(response.status) \(response.body) instead of \(body)")
                }
                return
            }
            try await Task.sleep(for: .milliseconds(1))
        }
        throw LocalMongoError(
            process.isRunning
                ? "\(process.name) did not answer on port \(port) within 10 s" : "\(process.name) has ended")
    }
}
