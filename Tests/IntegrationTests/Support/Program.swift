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
        return environment.merging(changes) { $1 }
    }

    struct Result: Sendable {
        let status: TerminationStatus
        let standardOutput: String
        let standardError: String
    }

    /// Runs the program to its end, for what ends by itself.
    static func run(_ arguments: [String], environment changes: [String: String?]) async throws -> Result {
        let environment = Environment.inherit.updating(
            Dictionary(
                uniqueKeysWithValues: environment(changes).map { (Environment.Key(stringLiteral: $0), $1) }))
        let result = try await Subprocess.run(
            .path(.init(try path())), arguments: Arguments(arguments), environment: environment,
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        return Result(
            status: result.terminationStatus, standardOutput: result.standardOutput,
            standardError: result.standardError)
    }
}
