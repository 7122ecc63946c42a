import LocalMongo
import Processes

/// A mongod without TLS, authentication and data.
final class PlainMongod: Sendable {
    private let directory: PrivateDirectory
    private let mongod: MongodProcess

    /// - Parameter change: what to change in it.
    static func start(_ change: (inout MongoServer) -> Void = { _ in }) async throws -> PlainMongod {
        let directory = try PrivateDirectory(name: "plain-mongod")
        var server = MongoServer(
            binary: try MongodBinary.locate(), dataDirectory: try directory.makeDirectory("data"),
            port: try FreePort.find())
        server.isAuthenticationRequired = false
        change(&server)
        return PlainMongod(directory: directory, mongod: try await MongodProcess.start(server))
    }

    private init(directory: PrivateDirectory, mongod: MongodProcess) {
        self.directory = directory
        self.mongod = mongod
    }

    deinit { mongod.send(.kill) }

    var port: Int { mongod.server.port }
}
