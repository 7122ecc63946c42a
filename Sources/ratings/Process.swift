import EventLoop
import Glibc
import Log
import MongoClient
import RatingsDatabase
import RatingsService
import Threads

/// The service put together: what starts and stops, and in which order.
final class Process {
    private let configuration: ServiceConfiguration
    private let termination: TerminationSignals
    private let logger: Logger
    private let loop = EventLoop()
    private let database: Database
    private let server: HTTPServer
    private var signals: [SignalSource] = []
    private var deadline: Timer?

    /// - Throws: ``ConfigurationError`` where the database's URL cannot be used.
    init(_ configuration: ServiceConfiguration, _ termination: TerminationSignals) throws(ConfigurationError) {
        self.configuration = configuration
        self.termination = termination
        logger = Logger(label: "ratings", level: configuration.logLevel)
        database = try Database(configuration, on: loop, logger: logger)
        server = HTTPServer(
            on: loop, repository: database.repository, logger: logger, maximumConnections: DescriptorLimit.raise())
    }

    /// Serves until SIGTERM or SIGINT, and then ends the process.
    func run(port: UInt16) -> Never {
        do throws(UVError) {
            let port = try server.listen(port: port)
            signals = TerminationSignals.numbers.map { number in
                SignalSource(number, on: loop) { [unowned self] in stop(number) }
            }
            database.repository.start()
            logger.info("listening", metadata: database.metadata.merging(["port": "\(port)"]) { $1 })
        } catch {
            leave("ratings: cannot listen on port \(port): \(error)", status: 1)
        }
        termination.unblock()
        loop.run()
        logger.info("stopped")
        // The clean-up of `exit` must not meet a thread that uses the driver.
        guard database.repository.isClosed, !database.walks.isWalking else { endProcess(status: EXIT_SUCCESS) }
        StandardOutput.finish()
        exit(EXIT_SUCCESS)
    }

    /// The HTTP side drains before the repository closes its connections. It all ends in time, whatever is still under way.
    private func stop(_ signal: Int32) {
        guard deadline == nil else { return }
        // 0.8 s is what the README promises: a busy machine needs some of it.
        let limit = loop.now + .milliseconds(configuration.requestTimeoutMS + 700)
        let deadline = Timer(on: loop) { [logger] in
            logger.info("stopped")
            endProcess(status: EXIT_SUCCESS)
        }
        deadline.start(at: limit)
        self.deadline = deadline
        // A person who types Ctrl-C does not wait for a proxy's next request.
        let idleUntil = signal == SIGINT ? loop.now : limit - .milliseconds(500)
        server.drain(idleUntil: idleUntil) { [unowned self] in
            database.repository.close { [unowned self] in loop.stop() }
        }
    }
}
