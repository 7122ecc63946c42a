import Foundation
import Threads

/// A program that has run to its end, and what it printed.
public struct CompletedProcess: Sendable {
    public let status: TerminationStatus
    public let standardOutput: String
    public let standardError: String

    /// Runs a program to its end. A task that is cancelled kills it.
    ///
    /// - Parameters:
    ///   - executable: a path, or a name to look for on the `PATH`.
    ///   - arguments: must hold no secrets.
    ///   - environment: what to change in the environment that the child inherits; nil takes a variable away.
    ///   - input: its standard input.
    /// - Throws: ``ProcessError`` where there is no such program, or the system cannot start it.
    public static func run(
        _ executable: String,
        _ arguments: [String],
        environment: [String: String?] = [:],
        input: String = ""
    ) async throws -> CompletedProcess {
        let (process, ends) = try start(executable, arguments, environment: environment)
        return await withTaskCancellationHandler {
            async let written: Void = write(input, to: ends)
            async let output = blocking { ends.output.readAll() }
            async let error = blocking { ends.error.readAll() }
            _ = await written
            return await CompletedProcess(
                status: process.waitForExit(),
                standardOutput: String(decoding: output, as: UTF8.self),
                standardError: String(decoding: error, as: UTF8.self))
        } onCancel: {
            process.send(.kill)
        }
    }

    /// This process's ends of the child's pipes.
    private struct Ends: Sendable {
        /// Taken out, and so closed, once everything is written.
        let input: Locked<Descriptor?>
        let output: Descriptor
        let error: Descriptor
    }

    /// The child's own ends are closed when this returns, so that what it prints ends where the child does.
    private static func start(
        _ executable: String, _ arguments: [String], environment: [String: String?]
    ) throws(ProcessError) -> (ChildProcess, Ends) {
        let input = try Descriptor.pipe()
        let output = try Descriptor.pipe()
        let error = try Descriptor.pipe()
        let process = try ChildProcess.start(
            executable, arguments, environment: environment,
            descriptors: [input.reading.number, output.writing.number, error.writing.number])
        return (process, Ends(input: Locked(input.writing), output: output.reading, error: error.reading))
    }

    private static func write(_ text: String, to ends: Ends) async {
        await blocking {
            let end = ends.input.withLock { $0.take() }
            end?.writeAll(Array(text.utf8))
        }
    }

    /// Runs a call that blocks on a thread of its own.
    private static func blocking<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            Threads.Thread.detach { continuation.resume(returning: body()) }
        }
    }
}
