import Processes
import Threads

/// A mongod that runs as a child of this process, and that can be frozen, killed and started again on the same port and
/// data.
public final class MongodProcess: Sendable {
    public let server: MongoServer
    private let current: Locked<ChildProcess>

    /// Starts mongod and waits until it accepts connections.
    ///
    /// - Parameter limit: how long that may take.
    /// - Throws: ``LocalMongoError`` with the end of mongod's log where it does not; `ProcessError` where it cannot be
    ///   started at all.
    public static func start(_ server: MongoServer, within limit: Duration = .seconds(60)) async throws -> MongodProcess
    {
        MongodProcess(server: server, process: try await launch(server, within: limit))
    }

    private init(server: MongoServer, process: ChildProcess) {
        self.server = server
        current = Locked(process)
    }

    /// The process of now; another one after ``restart(within:)``.
    public var process: ChildProcess { current.withLock { $0 } }

    /// Sends a signal: `.suspend` freezes mongod with its connections open, `.resume` lets it go on.
    public func send(_ signal: Signal) {
        process.send(signal)
    }

    /// Whether it is frozen, with all its threads.
    public var isFrozen: Bool { process.isSuspended }

    /// Ends mongod.
    ///
    /// - Parameter signal: `.terminate` for a clean shutdown, `.kill` to end it at once, connections and all.
    public func stop(_ signal: Signal = .terminate) async throws {
        let process = process
        // A frozen process takes no other signal than SIGKILL.
        process.send(.resume)
        process.send(signal)
        // A task of its own: a caller that has been cancelled still wants mongod to be gone.
        try await Task {
            if try await process.waitForExit(within: .seconds(30)) == nil { await process.stop(grace: .zero) }
        }.value
    }

    /// Starts mongod again on the same port and data, after ``stop(_:)``, and waits until it accepts connections.
    public func restart(within limit: Duration = .seconds(60)) async throws {
        try await stop(.kill)
        let process = try await Self.launch(server, within: limit)
        current.withLock { $0 = process }
    }

    private static func launch(_ server: MongoServer, within limit: Duration) async throws -> ChildProcess {
        let output = server.logFile + ".out"
        let process = try await ChildProcess.start(server.binary, server.arguments, output: .file(output))
        do {
            try await waitUntilAnswering(process, port: server.port, within: limit)
        } catch let error {
            await process.stop(grace: .zero)
            if error is CancellationError || error is PortError { throw error }
            throw LocalMongoError(
                """
                mongod did not start on port \(server.port): \(error). The end of its log, \(server.logFile):
                \(MongodLog(paths: [output, server.logFile]).lastReasons())
                """)
        }
        return process
    }

    private static func waitUntilAnswering(_ process: ChildProcess, port: Int, within limit: Duration) async throws {
        let end = ContinuousClock.now + limit
        while try !FreePort.connects(to: port) {
            if let status = process.terminationStatus { throw LocalMongoError("it ended (\(status))") }
            if ContinuousClock.now >= end { throw LocalMongoError("no answer within \(limit)") }
            try await Task.sleep(for: .milliseconds(10))
        }
        if let status = process.terminationStatus { throw LocalMongoError("it ended (\(status))") }
    }
}
