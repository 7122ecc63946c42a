import Foundation
import LocalMongo
import Processes

/// A mongod in the namespace `external`, on an address and data of its own.
final class Mongod: Sendable {
    let server: MongoServer
    let address: String
    private let process = Current<ChildProcess>()

    init(_ server: MongoServer, address: String) {
        self.server = server
        self.address = address
    }

    /// Starts it, and waits until it accepts connections. One that runs is ended first.
    func start() async throws {
        await kill()
        let started = try await NetworkNamespace.external.start(
            as: .root, server.binary, server.arguments, log: server.logFile + ".out")
        process.set(started)
        try await wait("mongod on \(address):\(server.port) (its log: \(server.logFile))") {
            guard started.isRunning else { throw LabError("mongod ended; its log is \(self.server.logFile)") }
            return await self.isAnswering()
        }
    }

    var isRunning: Bool { process.get()?.isRunning == true }

    /// Ends mongod at once, as a crash would.
    func kill() async {
        guard let process = process.get() else { return }
        process.send(.kill)
        _ = await process.waitForExit()
    }

    private func isAnswering() async -> Bool {
        guard !self.address.contains(":") else {
            let sockets = try? await NetworkNamespace.external.run(
                "ss", ["-Htln", "src = [\(self.address)]:\(server.port)"])
            return sockets?.isEmpty == false
        }
        let address = HTTPConnection.Address.inet(self.address, server.port)
        return (try? await Blocking.run { _ = try HTTPConnection(to: address, limit: 1) }) != nil
    }
}
