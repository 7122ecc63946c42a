import Foundation
import LocalMongo
import Processes

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

    /// Runs the program to its end, for what ends by itself.
    ///
    /// - Throws: where it has not ended after 20 s; it is killed then.
    static func run(_ arguments: [String], environment changes: [String: String?]) async throws -> CompletedProcess {
        try await run(path(), arguments, environment: changes)
    }

    /// Runs a program that ends in starting ours.
    static func run(
        _ executable: String, _ arguments: [String], environment changes: [String: String?]
    ) async throws -> CompletedProcess {
        let running = Task {
            try await CompletedProcess.run(executable, arguments, environment: environment(changes))
        }
        let alarm = Task {
            try await Task.sleep(for: .seconds(20))
            running.cancel()
        }
        defer { alarm.cancel() }
        let result = try await running.value
        if running.isCancelled { throw LocalMongoError("ratings \(arguments.joined(separator: " ")) goes on and on") }
        return result
    }
}
