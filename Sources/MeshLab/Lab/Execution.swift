import Foundation
import Processes

/// A command in the place of the service's caller, reviews, while a configuration is up.
///
/// It gets what `ratings-local exec` gives: RATINGS_URL, MONGO_DB_URL, MONGODB_CA_FILE and MONGO_ADMIN_URL. From there the
/// database is reached without the mesh, so MONGO_DB_URL always asks for TLS.
public struct Execution: Sendable {
    var name: String
    var command: String

    /// - Parameter command: for sh(1).
    public init(_ name: String, command: String) {
        self.name = name
        self.command = command
    }

    /// - Returns: the command's exit status, as a shell tells it.
    public func run() async throws -> Int32 {
        let site = try await Site.make()
        let configuration = try site.expectations.named(name)
        let lab = try await Lab.up(configuration, at: site)
        let environment: [String: String?] = [
            "RATINGS_URL": "http://\(Topology.pod):\(SidecarInbound.port)",
            "MONGO_DB_URL": lab.callersURL,
            "MONGODB_CA_FILE": site.template.caFile,
            "MONGO_ADMIN_URL": lab.administratorURL,
            Isolation.mark: String?.none,
            Isolation.userMark: String?.none,
            "MONGOC_DISABLE_SHM": String?.none,
        ]
        if configuration.status == 200 {
            try await wait("a rating to be read", until: { try await Reviews.get().status == 200 })
        }
        let process = try await ChildProcess.start(
            "sh", ["-c", command], environment: environment, output: .inherited)
        let status = await process.waitForExit()
        if !status.isSuccess {
            Console.tell("the command ended with \(status); the end of ratings' log:")
            for line in lab.ratings.lines().suffix(4) { Console.tell("  \(line)") }
        }
        await lab.down()
        return status.shellStatus
    }
}
