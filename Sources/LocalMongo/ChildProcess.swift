import Foundation
import NIOConcurrencyHelpers
import Subprocess
import SystemPackage

/// A program that this process started, and that ends with it, whatever ends it.
///
/// It runs in a process group of its own, so Ctrl-C in the terminal reaches only this process, which ends its children in
/// its own order. Where this process is killed, the kernel kills the child: `setpriv --pdeathsig` (util-linux) asks for
/// that with `PR_SET_PDEATHSIG`. The signal is bound to the thread that started the child (prctl(2)); swift-subprocess
/// starts all children from one thread that lives as long as the process.
public final class ChildProcess: Sendable {
    /// Where a child's standard output and standard error go.
    public enum Output: Sendable {
        case discarded
        /// To this process's own.
        case inherited
        /// To the end of a file, made with mode 0600.
        case file(String)
    }

    public let name: String
    public let pid: pid_t
    private let run: Task<TerminationStatus, any Error>
    private let status: NIOLockedValueBox<TerminationStatus?>

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - executable: a path, or a name to look for on the `PATH`.
    ///   - arguments: must hold no secrets: every user of the machine can read them.
    ///   - environment: what to change in the environment that the child inherits; nil takes a variable away.
    /// - Throws: ``LocalMongoError`` where there is no such program, or the system cannot start it.
    public static func start(
        _ executable: String,
        _ arguments: [String],
        environment: [String: String?] = [:],
        output: Output = .discarded
    ) async throws -> ChildProcess {
        try Task.checkCancellation()
        let path = try await locate(executable)
        var options = PlatformOptions()
        options.processGroupID = 0
        let configuration = Configuration(
            executable: .name("setpriv"),
            arguments: Arguments(["--pdeathsig", "KILL", "--", path] + arguments),
            environment: .inherit.updating(
                Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0), $1) })),
            platformOptions: options
        )
        let (standardOutput, standardError) = try output.descriptors()
        let (pids, started) = AsyncStream<pid_t>.makeStream()
        let status = NIOLockedValueBox<TerminationStatus?>(nil)
        let run = Task {
            defer { started.finish() }
            let result = try await Subprocess.run(
                configuration, input: .none, output: standardOutput, error: standardError
            ) { execution in
                started.yield(execution.processIdentifier.value)
                started.finish()
            }
            status.withLockedValue { $0 = result.terminationStatus }
            return result.terminationStatus
        }
        // A task of its own: in a task that has been cancelled the stream ends at once, and nobody would know the child.
        let pid = await Task { await pids.first { _ in true } }.value
        if let pid { return ChildProcess(name: executable, pid: pid, run: run, status: status) }
        do {
            _ = try await run.value
        } catch {
            throw LocalMongoError("cannot start \(executable): \(error)")
        }
        throw LocalMongoError("cannot start \(executable)")
    }

    private init(
        name: String, pid: pid_t, run: Task<TerminationStatus, any Error>, status: NIOLockedValueBox<TerminationStatus?>
    ) {
        self.name = name
        self.pid = pid
        self.run = run
        self.status = status
    }

    /// How the process ended; nil while it runs.
    public var terminationStatus: TerminationStatus? { status.withLockedValue { $0 } }

    public var isRunning: Bool { terminationStatus == nil }

    /// Sends a signal, if the process still runs.
    public func send(_ signal: Signal) {
        if isRunning { kill(pid, signal.rawValue) }
    }

    /// Waits until the process has ended.
    @discardableResult
    public func waitForExit() async throws -> TerminationStatus {
        try await run.value
    }

    /// Waits until the process has ended, but not longer than `limit`.
    ///
    /// - Returns: nil where it still runs then.
    public func waitForExit(within limit: Duration) async throws -> TerminationStatus? {
        let end = ContinuousClock.now + limit
        while isRunning, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(2)) }
        return isRunning ? nil : try await run.value
    }

    /// Ends the process: `SIGTERM`, and `SIGKILL` where it still runs after `grace`.
    @discardableResult
    public func stop(grace: Duration = .seconds(5)) async -> TerminationStatus? {
        send(.terminate)
        // A task of its own, so that the child is ended also where the caller's task is cancelled.
        return await Task {
            if try await waitForExit(within: grace) == nil { send(.kill) }
            return try await waitForExit()
        }.result.successValue
    }

    private static func locate(_ executable: String) async throws -> String {
        if executable.contains("/") {
            guard access(executable, X_OK) == 0 else {
                throw LocalMongoError("\(executable): \(String(cString: strerror(errno)))")
            }
            return executable
        }
        do {
            return try await Executable.name(executable).resolveExecutablePath(in: .inherit).string
        } catch {
            throw LocalMongoError("'\(executable)' is not installed, or not on the PATH")
        }
    }
}

extension ChildProcess.Output {
    fileprivate func descriptors() throws -> (FileDescriptorOutput, FileDescriptorOutput) {
        switch self {
        case .inherited: (.currentStandardOutput, .currentStandardError)
        case .discarded: (try Self.append(to: "/dev/null"), try Self.append(to: "/dev/null"))
        case .file(let path): (try Self.append(to: path), try Self.append(to: path))
        }
    }

    private static func append(to path: String) throws -> FileDescriptorOutput {
        do {
            let descriptor = try FileDescriptor.open(
                FilePath(path), .writeOnly, options: [.append, .create, .closeOnExec], permissions: .ownerReadWrite)
            return .fileDescriptor(descriptor, closeAfterSpawningProcess: true)
        } catch {
            throw LocalMongoError("cannot open \(path): \(error)")
        }
    }
}

extension Result {
    fileprivate var successValue: Success? { try? get() }
}
