import Foundation
import LocalMongo
import Processes
import Testing

@testable import Faults

/// `ratings-local`, as a person or another test runs it.
enum LocalExec {
    static func path() throws -> String {
        let program = try Program.path()
        return (program as NSString).deletingLastPathComponent + "/ratings-local"
    }

    /// Runs `ratings-local exec` to its end.
    ///
    /// - Parameters:
    ///   - options: what stands before the command.
    ///   - command: empty: none.
    static func run(
        _ options: [String] = [], _ command: [String], environment changes: [String: String?] = [:]
    ) async throws -> CompletedProcess {
        try await CompletedProcess.run(
            path(), ["exec"] + options + (command.isEmpty ? [] : ["--"] + command), environment: environment(changes))
    }

    /// The same with a script for sh(1).
    static func run(_ options: [String] = [], script: String) async throws -> CompletedProcess {
        try await run(options, ["sh", "-c", script])
    }

    static func environment(_ changes: [String: String?] = [:]) -> [String: String?] {
        Program.environment(changes).filter { $0.key != "MONGOC_DISABLE_SHM" }
    }

    /// Starts it with a script that says when it runs.
    ///
    /// - Parameter directory: where the script finds `ready`, to be written by it.
    static func start(_ options: [String] = [], script: String, in directory: PrivateDirectory) async throws
        -> ChildProcess
    {
        let process = try await ChildProcess.start(
            path(), ["exec"] + options + ["--", "sh", "-c", script],
            environment: environment(["READY": directory.appending("ready")]),
            output: .file(directory.appending("output")))
        let isReady = await eventually(within: .seconds(60)) {
            FileManager.default.fileExists(atPath: directory.appending("ready")) || !process.isRunning
        }
        try #require(isReady && process.isRunning, "\(output(in: directory))")
        return process
    }

    static func output(in directory: PrivateDirectory) -> String {
        (try? String(contentsOfFile: directory.appending("output"), encoding: .utf8)) ?? ""
    }

    /// The command lines of all processes on this machine.
    static func commandLines() -> [pid_t: String] {
        var lines: [pid_t: String] = [:]
        for entry in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let pid = pid_t(entry), let line = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else {
                continue
            }
            lines[pid] = String(decoding: line.map { $0 == 0 ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
        }
        return lines
    }
}
