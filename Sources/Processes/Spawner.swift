import Foundation
import Threads

/// The thread that starts all children. It lives as long as the process: the kernel ties `PR_SET_PDEATHSIG` to the thread
/// that started the child (prctl(2)), and would kill the child with a thread that ends.
final class Spawner: Sendable {
    static let shared = Spawner()

    /// What to start, and where its input and output go.
    struct Order: Sendable {
        var path: String
        var arguments: [String]
        /// `NAME=VALUE`.
        var environment: [String]
        /// The child's descriptors 0, 1 and 2.
        var descriptors: [Int32]
        /// Whether it stays in this process's group, and so in the terminal's foreground where this process is.
        var isInForeground: Bool
    }

    private typealias Job = @Sendable () -> Void

    private let jobs = Locked<[Job]>([])
    /// What was open when the first child was asked for: a caller's own, such as make's job server or `<(…)` of a shell.
    private let inherited: Set<Int32>

    private init() {
        inherited = Set(Self.openDescriptors)
        // A child that does not read its standard input is no reason to end.
        signal(SIGPIPE, SIG_IGN)
        Threads.Thread.detach { [jobs] in
            while true { jobs.wait { $0.isEmpty ? nil : $0.removeFirst() }() }
        }
    }

    /// Starts a process, in a process group of its own unless it is to be in the foreground. Returns when it runs.
    ///
    /// - Throws: ``ProcessError`` with the system's reason.
    func spawn(_ order: Order) throws(ProcessError) -> pid_t {
        let result = Locked<Result<pid_t, ProcessError>?>(nil)
        jobs.withLock {
            $0.append {
                let outcome = Result { [inherited = self.inherited] () throws(ProcessError) in
                    try Self.spawnNow(order, inherited)
                }
                result.withLock { $0 = outcome }
                result.notifyAll()
            }
        }
        jobs.notify()
        return try result.wait { $0 }.get()
    }

    private static var openDescriptors: [Int32] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []).compactMap { Int32($0) }
    }

    private static func spawnNow(_ order: Order, _ inherited: Set<Int32>) throws(ProcessError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, descriptor) in order.descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(target))
        }
        // Not every library opens its descriptors with O_CLOEXEC; one that is gone by then does no harm.
        let passed = order.isInForeground ? inherited : []
        for descriptor in openDescriptors where descriptor > 2 && !passed.contains(descriptor) {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Ctrl-C in the terminal reaches only this process, which ends its children in its own order.
        posix_spawnattr_setpgroup(&attributes, 0)
        // Signals that this process ignores or blocks are its own affair.
        var reset = sigset_t()
        sigfillset(&reset)
        // What nohup(1) has ignored stays so for what runs in this process's place; SIGPIPE is ignored here alone.
        if order.isInForeground {
            sigemptyset(&reset)
            sigaddset(&reset, SIGPIPE)
        }
        posix_spawnattr_setsigdefault(&attributes, &reset)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        let group = order.isInForeground ? 0 : POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(group | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        let arguments = CStrings([order.path] + order.arguments)
        let environment = CStrings(order.environment)
        var pid = pid_t()
        let status = posix_spawn(
            &pid, order.path, &actions, &attributes, arguments.pointers, environment.pointers)
        guard status == 0 else {
            throw ProcessError("cannot start \(order.path): \(String(cString: strerror(status)))")
        }
        return pid
    }
}

/// A C array of C strings that ends in NULL.
private final class CStrings {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ strings: [String]) {
        count = strings.count
        pointers = .allocate(capacity: count + 1)
        for (index, string) in strings.enumerated() { pointers[index] = strdup(string) }
        pointers[count] = nil
    }

    deinit {
        for index in 0..<count { free(pointers[index]) }
        pointers.deallocate()
    }
}
