import Faults
import Foundation
import LocalMongo
import Processes

/// A database, the service in front of it, and what a command is told about them.
final class ExecStage: Sendable {
    let database: BreakableDatabase
    /// For the command, on top of what this process has.
    let environment: [String: String?]
    private let service: LocalService
    private let control: FaultControl

    /// Starts everything and waits until a rating was read; makes the fault that was asked for.
    static func start(_ order: ExecOrder, at place: ExecPlace) async throws -> ExecStage {
        var options = BookinfoDatabase.Options()
        options.documents = try order.data.documents()
        options.logDirectory = place.logs
        let port = try HeldPort()
        let database = try await BreakableDatabase.start(options, isReplicaSet: order.isReplicaSet)
        let service = try await LocalService.start(
            order.service, on: port, url: database.url, log: "\(place.logs)/ratings.log")
        try await service.waitForRating()
        let control = try FaultControl(in: place.directory.path, database, service)
        if let fault = order.fault { _ = try await control.change(to: fault, latency: order.latency) }
        let tools = try place.directory.makeDirectory("bin")
        symlink(RatingsLocal.ownPath, "\(tools)/ratings-local")
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return ExecStage(
            database: database, service: service, control: control,
            environment: [
                "RATINGS_URL": "http://127.0.0.1:\(service.port)",
                "MONGO_DB_URL": database.url,
                "MONGODB_CA_FILE": database.database.authority.certificateFile,
                "MONGO_ADMIN_URL": database.database.administratorURL,
                "PATH": "\(tools):\(path)",
                FaultControl.variable: control.path,
            ])
    }

    private init(
        database: BreakableDatabase, service: LocalService, control: FaultControl, environment: [String: String?]
    ) {
        self.database = database
        self.service = service
        self.control = control
        self.environment = environment
    }

    /// Ends everything at once, with all that the command has left behind.
    func end() async {
        Descendants.killAll()
        await database.kill()
    }
}
