import Foundation
import LocalMongo
import Processes

/// The service, as user 1000 in the pod; nothing but MONGO_DB_URL tells it where its database is.
final class Ratings: Sendable {
    private let binary: String
    let log: String
    private let process = Current<ChildProcess>()

    init(binary: String, log: String) {
        self.binary = binary
        self.log = log
    }

    /// Starts the service and waits until it answers callers through the pod's inbound listener. One that runs is ended first: it
    /// would answer in the other's place.
    ///
    /// - Parameter url: a secret; it goes into the environment, which only the service's user and root can read.
    func start(url: String) async throws {
        await kill()
        let started = try await NetworkNamespace.pod.start(
            as: .service, binary, ["\(SidecarInbound.port)"],
            environment: ["MONGO_DB_URL": url, "LOG_LEVEL": "info"], log: log)
        process.set(started)
        try await wait("ratings to answer (its log: \(log))", within: .seconds(5)) {
            guard started.isRunning else { throw LabError("ratings ended:\n\(self.lines().joined(separator: "\n"))") }
            return (try? await Reviews.get("/health").status) == 200
        }
    }

    /// Ends the service, and with it all its connections, so that the proxies write their log lines.
    func stop() async {
        // On SIGTERM it would wait two seconds for its sidecar to ask for more over the connections that it keeps.
        process.get()?.send(.interrupt)
        await process.get()?.stop(grace: .seconds(3))
    }

    /// Ends it at once.
    func kill() async {
        await process.get()?.stop(grace: .zero)
    }

    var isRunning: Bool { process.get()?.isRunning == true }

    func lines() -> [String] {
        ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
    }
}
