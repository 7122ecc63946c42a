import ArgumentParser
import Glibc
import MongoClient
import RatingsService

/// Bookinfo's ratings service, version v2: the ratings come from a MongoDB database.
@main
struct Ratings: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ratings",
        abstract: "Bookinfo's ratings service, version v2: ratings from a MongoDB database.",
        discussion: """
            Environment:
              MONGO_DB_URL        the database, such as mongodb://USER:PASSWORD@HOST:27017/test?authSource=test&ssl=true
              REQUEST_TIMEOUT_MS  no request takes longer, in milliseconds (default 2000)
              LOG_LEVEL           trace, debug, info, notice, warning, error or critical (default info)
              SERVICE_VERSION     v2 or nothing
              DB_TYPE             mongodb or nothing
            """,
        version: "ratings v2 1.0.0"
    )

    @Argument(help: "The TCP port to listen on, on all addresses.")
    var port = "9080"

    func run() async throws {
        // A client that goes away is an error of its connection, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        Driver.start
        do {
            let configuration = try ServiceConfiguration(environment: ServiceConfiguration.processEnvironment)
            try await serve(configuration, port: try ServiceConfiguration.port(port))
        } catch let error as ConfigurationError {
            leave("ratings: \(error)", status: EX_CONFIG)
        }
    }
}

/// Says on standard error why the process ends.
func leave(_ message: String, status: Int32) -> Never {
    let line = Array((message + "\n").utf8)
    _ = write(STDERR_FILENO, line, line.count)
    endProcess(status: status)
}

/// Ends the process without the clean-up of `exit`: the driver's own must not meet its threads.
func endProcess(status: Int32) -> Never {
    fflush(nil)
    _exit(status)
}
