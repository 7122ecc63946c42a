import Subprocess

/// Runs a program to its end.
enum Command {
    /// What a program left.
    struct Result: Sendable {
        var isSuccess: Bool
        var output: String
        var error: String
    }

    /// Runs a program and returns what it printed, whatever its exit status.
    ///
    /// - Throws: ``LabError`` where there is no such program.
    static func attempt(_ name: String, _ arguments: [String]) async throws -> Result {
        do {
            let result = try await run(
                name.contains("/") ? .path(.init(name)) : .name(name), arguments: Arguments(arguments),
                output: .string(limit: 8 << 20), error: .string(limit: 1 << 20))
            return Result(
                isSuccess: result.terminationStatus.isSuccess, output: result.standardOutput,
                error: result.standardError)
        } catch let error as SubprocessError {
            throw LabError("cannot run \(name): \(error)")
        }
    }

    /// Runs a program that must succeed, and returns its standard output.
    ///
    /// - Throws: ``LabError`` with the program's own words.
    @discardableResult
    static func run(_ name: String, _ arguments: [String]) async throws -> String {
        let result = try await attempt(name, arguments)
        guard result.isSuccess else {
            throw LabError("\(name) \(arguments.joined(separator: " ")) failed: \(result.error)\(result.output)")
        }
        return result.output
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

    private static func run(
        _ executable: Executable, arguments: Arguments, output: StringOutput<UTF8>, error: StringOutput<UTF8>
    ) async throws -> ExecutionResult<Void, StringOutput<UTF8>, StringOutput<UTF8>> {
        try await Subprocess.run(executable, arguments: arguments, output: output, error: error)
    }
}
