import Processes

/// Runs a program to its end.
enum Command {
    /// Runs a program and returns what it printed, whatever its exit status.
    ///
    /// - Parameter input: its standard input.
    /// - Throws: ``LabError`` where there is no such program.
    static func attempt(_ name: String, _ arguments: [String], input: String = "") async throws -> CompletedProcess {
        do {
            return try await CompletedProcess.run(name, arguments, input: input)
        } catch let error as ProcessError {
            throw LabError("cannot run \(name): \(error)")
        }
    }

    /// Runs a program that must succeed, and returns its standard output.
    ///
    /// - Throws: ``LabError`` with the program's own words.
    @discardableResult
    static func run(_ name: String, _ arguments: [String], input: String = "") async throws -> String {
        let result = try await attempt(name, arguments, input: input)
        guard result.status.isSuccess else {
            throw LabError(
                "\(name) \(arguments.joined(separator: " ")) failed: \(result.standardError)\(result.standardOutput)")
        }
        return result.standardOutput
    }

    /// Runs several programs one after the other, each given as one line of words; for the many short lines that `ip` and
    /// `iptables` take.
    static func script(_ lines: String) async throws {
        for line in lines.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard let program = words.first else { continue }
            try await run(program, Array(words.dropFirst()))
        }
    }
}
