import Diagnosis
import Glibc
import Log
import MongoClient
import RatingsDatabase
import RatingsService

/// `ratings check`: walks the layers between here and the database once, and says what it saw.
enum Check {
    /// - Returns: the exit status: 0, 1 where a layer failed, `EX_CONFIG` where the connection string cannot be used.
    static func run(isJSON: Bool, environment: [String: String]) -> Int32 {
        let diagnosis: Diagnosis
        do {
            let configuration = try ServiceConfiguration(environment: environment)
            let connectionString: ConnectionString
            do throws(ConnectionStringError) {
                connectionString = try ConnectionString(
                    configuration.mongoDBURL,
                    defaults: ConnectionDefaults(requestTimeoutMS: configuration.requestTimeoutMS))
            } catch {
                throw ConfigurationError("MONGO_DB_URL cannot be used: \(error)")
            }
            diagnosis = LayerWalk(
                connectionString, query: MongoRatingsRepository.query,
                bound: .milliseconds(configuration.requestTimeoutMS)
            ).run()
        } catch {
            diagnosis = .unusable("\(error)")
        }
        let isTerminal = isatty(STDOUT_FILENO) == 1
        StandardOutput.print(isJSON ? diagnosis.json : diagnosis.text(isColoured: isTerminal))
        guard !diagnosis.isOK else { return EXIT_SUCCESS }
        return diagnosis.failure?.fault.cause == .connectionStringUnusable ? EX_CONFIG : EXIT_FAILURE
    }
}
