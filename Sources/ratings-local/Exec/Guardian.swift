import Foundation
import Processes

/// The process that `ratings-local exec` was started as. It starts this program once more, which does the work, and passes
/// signals on.
///
/// So neither can be killed without the other seeing it: the inner one, the parent of all that runs, kills everything when
/// this one ends, and this one inherits everything where the inner one is killed.
enum Guardian {
    private static let mark = "RATINGS_LOCAL_GUARDIAN"

    /// What takes the guardian's mark out of an environment.
    static let unmarked: [String: String?] = [mark: String?.none]

    /// Whether this process was started by its guardian.
    static var isInside: Bool { ProcessInfo.processInfo.environment[mark] == "\(getppid())" }

    static let signals: [Signal] = [.hangup, .interrupt, .quit, .terminate, .user1, .user2]

    /// - Returns: the exit status.
    static func run() async -> Int32 {
        // libmongoc's counters, which it makes as it is loaded: a process that is killed would leave the file behind.
        unlink("/dev/shm/mongoc-\(getpid())")
        Descendants.adopt()
        let pending = Pending()
        CaughtSignals.handle(signals) { caught in
            pending.pass(caught.signal, isFromTerminal: caught.isFromTerminal)
        }
        do {
            let inner = try ChildProcess.startInForeground(
                RatingsLocal.ownPath, Array(CommandLine.arguments.dropFirst()), environment: [mark: "\(getpid())"],
                deathSignal: .power)
            pending.receiver = { signal, isFromTerminal in
                // What the terminal sends, the inner one has already.
                if !isFromTerminal { inner.send(signal) }
            }
            let status = await inner.waitForExit()
            if case .signaled = status { Descendants.killAll() }
            return status.shellStatus
        } catch {
            Terminal.say("\(error)")
            return Exec.failure
        }
    }
}
