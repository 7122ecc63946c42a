import EventLoop
import Glibc
import Log
import MongoClient
import RatingsService

/// Bookinfo's ratings service, version v2: the ratings come from a MongoDB database.
@main
enum Ratings {
    static func main() {
        let termination = TerminationSignals()
        // A client that goes away is an error of its connection, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        do {
            switch try CommandLineArguments(CommandLine.arguments.dropFirst()) {
            case .help: StandardOutput.print(CommandLineArguments.helpText)
            case .version: StandardOutput.print(CommandLineArguments.versionText)
            case .check(let isJSON):
                // Nothing is under way that a signal would harm.
                termination.unblock()
                Driver.start
                endProcess(status: Check.run(isJSON: isJSON, environment: environment))
            case .serve(let port):
                Driver.start
                let configuration = try ServiceConfiguration(environment: environment)
                let port = try ServiceConfiguration.port(port)
                try Process(configuration, termination).run(port: port)
            }
        } catch {
            leave("ratings: \(error)", status: EX_CONFIG)
        }
        StandardOutput.finish()
    }

    /// The variables of this process's environment that the service reads.
    private static var environment: [String: String] {
        let names = ServiceConfiguration.variables
        let pairs = names.compactMap { name in getenv(name).map { (name, String(cString: $0)) } }
        return Dictionary(uniqueKeysWithValues: pairs)
    }
}

/// Says on standard error why the process ends.
func leave(_ message: String, status: Int32) -> Never {
    StandardError.write(message + "\n")
    endProcess(status: status)
}

/// Ends the process without the clean-up of `exit`: the driver's own must not meet its threads.
func endProcess(status: Int32) -> Never {
    StandardOutput.finish()
    _exit(status)
}
