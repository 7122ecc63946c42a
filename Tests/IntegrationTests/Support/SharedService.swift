import Foundation
import Processes
import Testing
import Threads

/// A `ratings` process that all tests of a suite share: who needs it first starts it. At the end of the test process it must
/// still run, and end properly on SIGTERM; where it does not, the test process says so and fails.
final class SharedService: Sendable {
    private let database: SharedDatabase
    private let start: Locked<Task<Service, any Error>?> = Locked(nil)
    private let started: Locked<Service?> = Locked(nil)

    init(on database: SharedDatabase) {
        self.database = database
    }

    /// Starts it, unless it runs.
    func run() async throws {
        try await database.run()
        let url = try database.database.url
        let task = start.withLock { start in
            let task = start ?? Task { try await Self.launch(url) }
            start = task
            return task
        }
        let service = try await task.value
        started.withLock { $0 = service }
    }

    /// The service, once it runs.
    var service: Service {
        get throws { try #require(started.withLock { $0 }, "run() it first") }
    }

    private static let all = Locked<[Service]>([])

    private static func launch(_ url: String) async throws -> Service {
        let service = try await Service.start(url)
        all.withLock { $0.append(service) }
        _ = endAllAtExit
        return service
    }

    private static let endAllAtExit: Void = {
        atexit {
            for service in SharedService.all.withLock({ $0 }) where !SharedService.endsProperly(service) {
                print("1 test failed: a service did not live through its suite: \(service.log.suffix(4000))")
                _exit(1)
            }
        }
    }()

    private static func endsProperly(_ service: Service) -> Bool {
        guard service.process.isRunning else { return false }
        service.process.send(.terminate)
        let end = ContinuousClock.now + shutdownLimit
        while service.process.isRunning, ContinuousClock.now < end { usleep(2000) }
        return service.process.terminationStatus == .exited(0)
    }
}
