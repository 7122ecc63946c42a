import Foundation
import LocalMongo
import Processes

/// The service on a port of its own.
struct LocalService: Sendable {
    let process: ChildProcess
    private let held: HeldPort
    private let log: String

    var port: Int { held.number }

    static func start(_ binary: String, on held: HeldPort, url: String, log: String) async throws -> LocalService {
        var environment: [String: String?] = ["MONGO_DB_URL": url, "MONGOC_DISABLE_SHM": "1"]
        // Nothing of a caller's own configuration reaches the service.
        for name in ["DB_TYPE", "SERVICE_VERSION"] { environment.updateValue(nil, forKey: name) }
        let process = try await ChildProcess.start(
            binary, [String(held.number)], environment: environment, output: .file(log))
        return LocalService(process: process, held: held, log: log)
    }

    /// Waits until a rating was read.
    ///
    /// - Throws: ``LocalMongoError`` where none is within `limit`, or the service has ended.
    func waitForRating(within limit: Duration = .seconds(30)) async throws {
        let end = ContinuousClock.now + limit
        var last = "no answer"
        while ContinuousClock.now < end {
            guard process.isRunning else { throw LocalMongoError("ratings has ended; its log is \(log)") }
            let port = port
            let answer = try? await Blocking.run { try HTTPGet.response(port: port, path: "/ratings/0") }
            if answer?.status == 200 { return }
            if let answer { last = "\(answer.status) \(answer.body)" }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw LocalMongoError("ratings has read no rating within \(limit): \(last); its log is \(log)")
    }
}
