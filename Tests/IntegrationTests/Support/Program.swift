import Foundation
import LocalMongo
import Subprocess

/// The `ratings` program that was built with these tests.
enum Program {
    /// SwiftPM puts the executables of a package beside its test bundle.
    static func path() throws -> String {
        let bundle = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let program = (bundle as NSString).deletingLastPathComponent + "/ratings"
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw LocalMongoError("\(program) is missing: run swift build --build-tests")
        }
        return program
    }

    /// Nothing of the environment of the tests reaches the service.
    static func environment(_ changes: [String: String?]) -> [String: String?] {
        var environment: [String: String?] = [:]
        for name in ["MONGO_DB_URL", "REQUEST_TIMEOUT_MS", "LOG_LEVEL", "SERVICE_VERSION", "DB_TYPE"] {
            environment.updateValue(nil, forKey: name)
        }
        // What a killed process of the same number left in /dev/shm would make the driver warn on standard error.
        environment["MONGOC_DISABLE_SHM"] = "1"
        return environment.merging(changes) { $1 }
    }

    struct Result: Sendable {
        let status: TerminationStatus
        let standardOutput: String
        let standardError: String
    }

    /// Runs the program to its end, for what ends by itself.
    ///
    /// - Throws: where it has not ended after 20 s; it is killed then.
    static func run(_ arguments: [String], environment changes: [String: String?]) async throws -> Result {
        try await run(.path(.init(path())), arguments, environment: changes)
    }

    /// Runs a program that ends in starting ours.
    static func run(
        _ executable: Executable, _ arguments: [String], environment changes: [String: String?]
    ) async throws -> Result {
        let environment = Environment.inherit.updating(
            Dictionary(uniqueKeysWithValues: environment(changes).map { (Environment.Key(stringLiteral: $0), $1) }))
        return try await withThrowingTaskGroup(of: Result.self) { group in
            group.addTask {
                let result = try await Subprocess.run(
                    executable, arguments: Arguments(arguments), environment: environment,
                    output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
                return Result(
                    status: result.terminationStatus, standardOutput: result.standardOutput,
                    standardError: result.standardError)
            }
            group.addTask {
                try await Task.sleep(for: .seconds(20))
                throw LocalMongoError("ratings \(arguments.joined(separator: " ")) goes on and on")
            }
            defer { group.cancelAll() }
            for try await result in group { return result }
            throw CancellationError()
        }
    }
}
