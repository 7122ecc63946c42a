import LocalMongo
import Processes

/// A mongod without TLS, authentication and data.
final class PlainMongod: Sendable {
    private let directory: PrivateDirectory
    private let held: HeldPort
    private let mongod: MongodProcess

    /// - Parameter change: what to change in it.
    static func start(_ change: (inout MongoServer) -> Void = { _ in }) async throws -> PlainMongod {
        let directory = try PrivateDirectory(name: "plain-mongod")
        let held = try HeldPort()
        var server = MongoServer(
            binary: try MongodBinary.locate(), dataDirectory: try directory.makeDirectory("data"),
            port: held.number)
        server.isAuthenticationRequired = false
        change(&server)
        return PlainMongod(directory: directory, held: held, mongod: try await MongodProcess.start(server))
    }

    private init(directory: PrivateDirectory, held: HeldPort, mongod: MongodProcess) {
        self.directory = directory
        self.held = held
        self.mongod = mongod
    }

    deinit { kill() }

    /// Ends it as planned: a member of a set hands its work over first, and tells its clients (quiesce mode).
    func shutDown() async throws { try await mongod.stop(.terminate) }

    /// Starts it again, on the same port and data.
    func restart() async throws { try await mongod.restart() }

    /// Ends it at once.
    func kill() { mongod.send(.kill) }

    var port: Int { mongod.server.port }

    /// Runs a command on the database `admin`; command and reply are Extended JSON.
    @discardableResult
    func run(_ command: String) async throws -> String {
        let administrator = try MongoAdministrator(url: "mongodb://localhost:\(port)/?directConnection=true")
        do {
            let reply = try await administrator.runCommand(command, on: "admin")
            await administrator.disconnect()
            return reply
        } catch {
            await administrator.disconnect()
            throw error
        }
    }
}
