import Foundation
import LocalMongo
import Options

/// The service in front of a real, throw-away MongoDB, on this machine: for a person at a terminal (`make run`), and for
/// somebody else's integration tests.
@main
enum RatingsLocal {
    static let service = Option(
        "--service", "FILE", help: "The service's binary; the one beside this program where none is named.")
    private static let port = Option("--port", "PORT", default: "9080", help: "The port to serve on.")
    private static let tool = Tool(
        "ratings-local",
        abstract: "Runs ratings in front of a throw-away MongoDB over TLS.",
        subcommands: [
            Tool(
                "run",
                abstract: "Serves until Ctrl-C.",
                discussion: """
                    Starts mongod on loopback with TLS and authentication, fills it as Istio's article "Consuming
                    External MongoDB Services" does, and starts the service with a MONGO_DB_URL for it. Where the
                    environment holds a MONGO_DB_URL already, only the service is started.
                    """,
                options: [service, port]),
            Exec.tool,
            FaultCommand.tool,
        ])

    static func main() async {
        let arguments = tool.readCommandLine()
        do throws(UsageError) {
            switch arguments.subcommand {
            case "exec": exit(try await Exec.run(arguments))
            case "fault": exit(try FaultCommand.run(arguments))
            default: exit(await run(LocalRun(ratings: binary(arguments), port: try arguments.number(port))))
            }
        } catch {
            tool.refuse(error)
        }
    }

    /// The service's binary.
    static func binary(_ arguments: Arguments) -> String {
        arguments[service] ?? (ownPath as NSString).deletingLastPathComponent + "/ratings"
    }

    /// This program's file.
    static var ownPath: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }

    /// - Returns: the exit status.
    private static func run(_ local: LocalRun) async -> Int32 {
        let interrupts = Interrupts()
        let serving = Task { try await local.serve() }
        // Whatever ends first: the service, or the person's patience.
        let waiting = Task {
            for await _ in interrupts.signals {
                Terminal.say("ending what was started ...")
                serving.cancel()
                return
            }
        }
        let result = await serving.result
        waiting.cancel()
        switch result {
        case .success(let status): return status
        case .failure(is CancellationError): Terminal.say("all has ended")
        case .failure(let error) where serving.isCancelled: Terminal.say("ended (\(error))")
        case .failure(let error):
            Terminal.say("\(error)")
            return EXIT_FAILURE
        }
        return EXIT_SUCCESS
    }
}
