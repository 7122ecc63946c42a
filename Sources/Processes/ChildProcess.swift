import Foundation
import Threads

/// A program that this process started, and that ends with it, whatever ends it.
///
/// It runs in a process group of its own, unless it runs in the foreground, so Ctrl-C in the terminal reaches only this
/// process, which ends its children in its own order. Where this process is killed, the kernel kills the child:
/// `setpriv --pdeathsig` (util-linux) asks for that with `PR_SET_PDEATHSIG`.
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
    private let state: Locked<State>

    private struct State: Sendable {
        var status: TerminationStatus?
        var waiting: [CheckedContinuation<TerminationStatus, Never>] = []
    }

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - executable: a path, or a name to look for on the `PATH`.
    ///   - arguments: must hold no secrets: every user of the machine can read them.
    ///   - environment: what to change in the environment that the child inherits; nil takes a variable away.
    /// - Throws: ``ProcessError`` where there is no such program, or the system cannot start it.
    public static func start(
        _ executable: String,
        _ arguments: [String],
        environment: [String: String?] = [:],
        output: Output = .discarded
    ) async throws -> ChildProcess {
        try Task.checkCancellation()
        let input = try Descriptor.open("/dev/null", O_RDONLY)
        return switch output {
        case .inherited:
            try start(
                executable, arguments, environment: environment,
                descriptors: [input.number, STDOUT_FILENO, STDERR_FILENO])
        case .discarded:
            try start(executable, arguments, environment: environment, input: input, appendingTo: "/dev/null")
        case .file(let path):
            try start(executable, arguments, environment: environment, input: input, appendingTo: path)
        }
    }

    private static func start(
        _ executable: String, _ arguments: [String], environment: [String: String?], input: Descriptor,
        appendingTo path: String
    ) throws -> ChildProcess {
        let output = try Descriptor.open(path, O_WRONLY | O_APPEND | O_CREAT)
        return try start(
            executable, arguments, environment: environment,
            descriptors: [input.number, output.number, output.number])
    }

    /// Starts a program in this process's own place: in its process group, where a terminal's Ctrl-C and Ctrl-Z reach both,
    /// and with its standard input, output and error.
    ///
    /// - Parameter deathSignal: what the program gets when this process ends, however it ends.
    public static func startInForeground(
        _ executable: String, _ arguments: [String], environment: [String: String?] = [:],
        deathSignal: DeathSignal = .kill
    ) throws(ProcessError) -> ChildProcess {
        try start(
            executable, arguments, environment: environment,
            descriptors: [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO], isInForeground: true, deathSignal: deathSignal)
    }

    /// What a child gets when its parent ends, as setpriv(1) spells it.
    public enum DeathSignal: String, Sendable {
        case kill = "KILL"
        /// SIGPWR: one that nobody else sends.
        case power = "PWR"
    }

    /// - Parameter descriptors: the child's 0, 1 and 2; they stay the caller's.
    static func start(
        _ executable: String, _ arguments: [String], environment: [String: String?], descriptors: [Int32],
        isInForeground: Bool = false, deathSignal: DeathSignal = .kill
    ) throws(ProcessError) -> ChildProcess {
        let path = try Executable.locate(executable)
        let inherited = ProcessInfo.processInfo.environment.map { ($0, Optional($1)) }
        let changed = Dictionary(uniqueKeysWithValues: inherited).merging(environment) { $1 }
        let pid = try Spawner.shared.spawn(
            Spawner.Order(
                path: try Executable.locate("setpriv"),
                arguments: ["--pdeathsig", deathSignal.rawValue, "--", path] + arguments,
                environment: changed.compactMap { name, value in value.map { "\(name)=\($0)" } },
                descriptors: descriptors, isInForeground: isInForeground))
        return ChildProcess(name: executable, pid: pid)
    }

    private init(name: String, pid: pid_t) {
        self.name = name
        self.pid = pid
        state = Locked(State())
        Self.running.withLock { _ = $0.insert(pid) }
        _ = Self.endAtExit
        Threads.Thread.detach { [state] in Self.waitForEnd(of: pid, state) }
    }

    private static let running = Locked<Set<pid_t>>([])

    /// Whether a process is one of those that this type started, and that have not been reaped.
    static func isKnown(_ pid: pid_t) -> Bool { running.withLock { $0.contains(pid) } }

    /// exit(3) would let them live for as long as what else it does takes, such as removing their files.
    private static let endAtExit: Void = {
        atexit {
            for pid in ChildProcess.running.withLock({ $0 }) { _ = Glibc.kill(pid, SIGKILL) }
            for _ in 0..<1000 where !ChildProcess.running.withLock({ $0.isEmpty }) { usleep(1000) }
        }
    }()

    private static func waitForEnd(of pid: pid_t, _ state: Locked<State>) {
        // The process ID stays the child's until it is reaped, which happens under the lock that `send` takes.
        var information = siginfo_t()
        while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        let (status, waiting) = state.withLock { state in
            var word: Int32 = 0
            waitpid(pid, &word, 0)
            let status = TerminationStatus(waitStatus: word)
            state.status = status
            running.withLock { _ = $0.remove(pid) }
            defer { state.waiting = [] }
            return (status, state.waiting)
        }
        for continuation in waiting { continuation.resume(returning: status) }
    }

    /// How the process ended; nil while it runs.
    public var terminationStatus: TerminationStatus? { state.withLock { $0.status } }

    public var isRunning: Bool { terminationStatus == nil }

    /// Sends a signal, if the process still runs.
    public func send(_ signal: Signal) {
        state.withLock { state in
            if state.status == nil { _ = Glibc.kill(pid, signal.rawValue) }
        }
    }

    /// Whether all its threads stand still after ``Signal/suspend``: each goes on until it is scheduled for the last time
    /// (proc(5), state `T` of `/proc/PID/task/TID/stat`).
    public var isSuspended: Bool {
        let tasks = "/proc/\(pid)/task"
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
        return !threads.isEmpty
            && threads.allSatisfy { ProcessStat("\(tasks)/\($0)/stat")?.state == "T" }
    }

    /// Waits until the process has ended, also where the caller's task is cancelled.
    @discardableResult
    public func waitForExit() async -> TerminationStatus {
        await withCheckedContinuation { continuation in
            let status = state.withLock { state in
                if state.status == nil { state.waiting.append(continuation) }
                return state.status
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    /// Waits until the process has ended, but not longer than `limit`.
    ///
    /// - Returns: nil where it still runs then.
    /// - Throws: `CancellationError`
    public func waitForExit(within limit: Duration) async throws -> TerminationStatus? {
        let end = ContinuousClock.now + limit
        while isRunning, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(2)) }
        return terminationStatus
    }

    /// Ends the process: `SIGTERM`, and `SIGKILL` where it still runs after `grace`.
    @discardableResult
    public func stop(grace: Duration = .seconds(5)) async -> TerminationStatus {
        send(.terminate)
        // A task of its own, so that the child is given its time also where the caller's task is cancelled.
        return await Task {
            if (try? await waitForExit(within: grace)) ?? nil == nil { send(.kill) }
            return await waitForExit()
        }.value
    }
}

extension TerminationStatus {
    /// wait(2)'s status, taken apart as the macros WIFEXITED, WEXITSTATUS and WTERMSIG do.
    fileprivate init(waitStatus word: Int32) {
        let signal = word & 0x7f
        self = signal == 0 ? .exited((word >> 8) & 0xff) : .signaled(signal)
    }
}
