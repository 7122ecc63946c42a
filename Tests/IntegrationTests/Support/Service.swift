import Foundation
import LocalMongo
import Processes
import Testing

@testable import Faults

/// A `ratings` process that serves.
final class Service: Sendable {
    let process: ChildProcess
    let port: Int
    private let held: HeldPort?
    /// Standard output and standard error.
    private let logFile: String
    private let directory: PrivateDirectory

    /// Starts the service and waits until it listens.
    ///
    /// - Parameters:
    ///   - launcher: a command that ends in starting the program that its last arguments name.
    ///   - port: a free one where nothing is named.
    static func start(
        _ url: String, environment: [String: String?] = [:], launcher: [String] = [], port chosen: Int? = nil
    ) async throws -> Service {
        let directory = try PrivateDirectory(name: "ratings-test")
        // Nobody else gets the port before the service has it.
        let held = chosen == nil ? try HeldPort() : nil
        let port = try #require(chosen ?? held?.number)
        let logFile = directory.appending("log")
        let command = launcher + [try Program.path(), String(port)]
        let process = try await ChildProcess.start(
            command[0], Array(command.dropFirst()),
            environment: Program.environment(["MONGO_DB_URL": url].merging(environment) { $1 }),
            output: .file(logFile))
        let service = Service(process: process, port: port, held: held, logFile: logFile, directory: directory)
        let isListening = await eventually(within: .seconds(20)) {
            service.log.contains("listening") || !process.isRunning
        }
        if isListening, process.isRunning { return service }
        await process.stop(grace: .zero)
        throw LocalMongoError("the service did not start: \(service.log)")
    }

    private init(process: ChildProcess, port: Int, held: HeldPort?, logFile: String, directory: PrivateDirectory) {
        self.process = process
        self.port = port
        self.held = held
        self.logFile = logFile
        self.directory = directory
    }

    /// All that it has printed.
    var log: String { (try? String(contentsOfFile: logFile, encoding: .utf8)) ?? "" }

    func logLines(with text: String) -> [String] {
        log.split(separator: "\n").map(String.init).filter { $0.contains(text) }
    }

    /// Sends a signal and waits for the end.
    ///
    /// - Returns: how the process ended, nil where it has not after 10 s; and how long that took.
    func end(by signal: Signal = .terminate) async throws -> (status: TerminationStatus?, time: Duration) {
        let start = ContinuousClock.now
        process.send(signal)
        let status = try await process.waitForExit(within: .seconds(10))
        let time = ContinuousClock.now - start
        if status == nil { await process.stop(grace: .zero) }
        return (status, time)
    }

    /// Its ends of its clients' connections, in whatever state but TIME-WAIT, which is nobody's. What holds its port is none
    /// (Debian 13's ss shows that, too, as UNCONN).
    func connections() async throws -> [String] {
        let result = try await CompletedProcess.run("ss", ["-Htan", "sport = :\(port)"])
        try #require(result.status.isSuccess, "\(result.standardError)")
        return result.standardOutput.split(separator: "\n").map(String.init).filter { line in
            !["LISTEN", "TIME-WAIT", "UNCONN"].contains(where: line.hasPrefix)
        }
    }

    /// A number of `/proc/PID/status`, such as `Threads` or `VmRSS` (in kB).
    func processStatus(_ field: String) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(process.pid)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("\(field):") })
        return try #require(Int(line.split(whereSeparator: { $0 == "\t" || $0 == " " })[1]))
    }
}

/// Runs a service around `body`; checks that it lives through it, and ends properly on SIGTERM.
func withService<Value>(
    _ url: String, environment: [String: String?] = [:], _ body: (Service) async throws -> Value
) async throws -> Value {
    let service = try await Service.start(url, environment: environment)
    let value: Value
    do {
        value = try await body(service)
    } catch {
        Issue.record("the service's log: \(service.log.suffix(4000))")
        await service.process.stop(grace: .zero)
        throw error
    }
    #expect(service.process.isRunning, "the service died: \(service.log.suffix(4000))")
    let (status, time) = try await service.end()
    #expect(status == .exited(0), "the service's log: \(service.log.suffix(4000))")
    #expect(time < shutdownLimit)
    return value
}
