import Dispatch
import Glibc
import ServiceLifecycle

/// Ends the process some time after a graceful shutdown began, whatever is still under way then.
struct ShutdownDeadline: Service {
    private let milliseconds: Int

    init(afterMS milliseconds: Int32) {
        self.milliseconds = Int(milliseconds)
    }

    func run() async throws {
        do { try await gracefulShutdown() } catch { return }
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(milliseconds)) {
            endProcess(status: EXIT_SUCCESS)
        }
    }
}
