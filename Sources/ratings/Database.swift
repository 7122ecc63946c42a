import Diagnosis
import EventLoop
import Log
import MongoClient
import RatingsDatabase
import RatingsService

/// The database that the configuration names.
struct Database {
    let repository: MongoRatingsRepository

    /// Look for the layer that fails while the database is out of reach.
    let walks: LayerWalks

    /// What the log may say of it: hosts and whether TLS is on, never credentials.
    let metadata: [String: String]

    /// - Throws: ``ConfigurationError`` where `MONGO_DB_URL` cannot be used.
    init(_ configuration: ServiceConfiguration, on loop: EventLoop, logger: Logger) throws(ConfigurationError) {
        let driverLogger = Logger(label: "libmongoc", level: configuration.logLevel)
        let connectionString: ConnectionString
        let pool: SharedPool
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
        let walk = LayerWalk(
            connectionString, query: MongoRatingsRepository.query,
            bound: .milliseconds(configuration.requestTimeoutMS))
        walks = LayerWalks(on: loop) { walk.run() }
        repository = MongoRatingsRepository(
            on: loop, pool: pool, limits: limits,
            outages: OutageLog(database: hosts, logger: logger, walk: walks.begin))
        metadata = ["database": hosts, "tls": connectionString.usesTLS ? "on" : "off"]
    }
}
