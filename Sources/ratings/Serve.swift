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
    let connectionString: ConnectionString
    let pool: MongoClientPool
    do {
        connectionString = try ConnectionString(
            configuration.mongoDBURL,
            defaults: ConnectionDefaults(requestTimeoutMS: configuration.requestTimeoutMS)
        )
        pool = try MongoClientPool(connectionString, logger: Logger(label: "libmongoc", level: configuration.logLevel))
    } catch {
        throw ConfigurationError("MONGO_DB_URL cannot be used: \(error)")
    }
    let database = connectionString.hosts.joined(separator: ",")

    let eventLoops = MultiThreadedEventLoopGroup.singleton
    var limits = ReadLimits(requestTimeoutMS: configuration.requestTimeoutMS)
    limits.concurrentReads = min(limits.concurrentReads, connectionString.maxPoolSize)
    let repository = MongoRatingsRepository(
        pool: pool,
        limits: limits,
        eventLoop: eventLoops.next(),
        outages: OutageLog(database: database, logger: logger)
    )
    repository.warmUp()

    let application = buildApplication(
        repository: repository,
        host: "::",
        port: port,
        eventLoopGroup: eventLoops,
        logger: logger,
        onListening: { address in
            logger.info(
                "listening",
                metadata: [
                    "port": "\(address?.port ?? port)", "database": "\(database)",
                    "tls": connectionString.usesTLS ? "on" : "off",
                ]
            )
        }
    )
    do {
        try await application.runService(gracefulShutdownSignals: [.sigterm, .sigint])
    } catch let error as IOError {
        leave("ratings: cannot listen on port \(port): \(String(cString: strerror(error.errnoCode)))", status: 1)
    }
    logger.info("stopped")
}

extension Logger {
    /// A logger on standard output, as the original's.
    init(label: String, level: String) {
        self.init(label: label, factory: { StreamLogHandler.standardOutput(label: $0) })
        logLevel = Level(rawValue: level) ?? .info
    }
}
