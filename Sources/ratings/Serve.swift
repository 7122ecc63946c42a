import Glibc
import Hummingbird
import Logging
import MongoClient
import NIOCore
import NIOPosix
import RatingsDatabase
import RatingsService
import ServiceLifecycle

/// Puts the service together and runs it until SIGTERM or SIGINT.
///
/// - Throws: ``ConfigurationError`` where the database's URL cannot be used.
func serve(_ configuration: ServiceConfiguration, port: Int) async throws {
    let logger = Logger(label: "ratings", level: configuration.logLevel)
    let (repository, database) = try makeRepository(configuration, logger: logger)
    let application = buildApplication(
        repository: repository,
        host: anyAddress,
        port: port,
        eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
        logger: logger,
        onListening: { address in
            logger.info("listening", metadata: database.merging(["port": "\(address?.port ?? port)"]) { $1 })
        }
    )
    let deadline = ShutdownDeadline(afterMS: configuration.requestTimeoutMS + 800)
    // Services stop in reverse order: the HTTP side drains before the repository closes its connections.
    let services = ServiceGroup(
        configuration: .init(
            services: [repository, application, deadline],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: Logger(label: "lifecycle", level: configuration.logLevel == "trace" ? "trace" : "warning")
        )
    )
    do {
        try await services.run()
    } catch let error as IOError {
        leave("ratings: cannot listen on port \(port): \(String(cString: strerror(error.errnoCode)))", status: 1)
    } catch {
        leave("ratings: \(error)", status: 1)
    }
    logger.info("stopped")
    if !repository.isClosed { endProcess(status: EXIT_SUCCESS) }
}

/// The repository, and what the log may say about its database: hosts and whether TLS is on, never credentials.
private func makeRepository(
    _ configuration: ServiceConfiguration,
    logger: Logger
) throws -> (MongoRatingsRepository, Logger.Metadata) {
    let connectionString: ConnectionString
    let pool: SharedPool
    let driverLogger = Logger(label: "libmongoc", level: configuration.logLevel)
    do {
        connectionString = try ConnectionString(
            configuration.mongoDBURL,
            defaults: ConnectionDefaults(requestTimeoutMS: configuration.requestTimeoutMS),
            logger: driverLogger
        )
        pool = try SharedPool(connectionString, logger: driverLogger)
    } catch {
        throw ConfigurationError("MONGO_DB_URL cannot be used: \(error)")
    }
    let hosts = connectionString.hosts.joined(separator: ",")
    var limits = ReadLimits(requestTimeoutMS: configuration.requestTimeoutMS)
    limits.concurrentReads = min(limits.concurrentReads, connectionString.maxPoolSize)
    let repository = MongoRatingsRepository(
        pool: pool,
        limits: limits,
        eventLoop: MultiThreadedEventLoopGroup.singleton.next(),
        outages: OutageLog(database: hosts, logger: logger)
    )
    return (repository, ["database": "\(hosts)", "tls": connectionString.usesTLS ? "on" : "off"])
}

/// All IPv6 addresses, which on Linux include all of IPv4; or all of IPv4 where the kernel has no IPv6.
private var anyAddress: String {
    let probe = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
    guard probe >= 0 else { return "0.0.0.0" }
    close(probe)
    return "::"
}

extension Logger {
    /// A logger on standard output, as the original's.
    init(label: String, level: String) {
        self.init(label: label, factory: { StreamLogHandler.standardOutput(label: $0) })
        logLevel = Level(rawValue: level) ?? .info
    }
}
