import Foundation
import LocalMongo
import Options

/// `make run`: the service in front of a real, throw-away MongoDB, on this machine.
@main
enum RatingsLocal {
    private static let ratings = Option(
        "--ratings", "FILE", default: ".build/release/ratings", help: "The service's binary.")
    private static let port = Option("--port", "PORT", default: "9080", help: "The port to serve on.")
    private static let tool = Tool(
        "ratings-local",
        abstract: "Serves ratings from a throw-away MongoDB over TLS, until Ctrl-C.",
        discussion: """
            Starts mongod on loopback with TLS and authentication, fills it as Istio's article "Consuming External
            MongoDB Services" does, and starts the service with a MONGO_DB_URL for it. Where the environment holds a
            MONGO_DB_URL already, only the service is started.
            """,
        options: [ratings, port])

    static func main() async {
        let arguments = tool.readCommandLine()
        do throws(UsageError) {
            exit(await run(LocalRun(ratings: arguments.text(ratings), port: try arguments.number(port))))
        } catch {
            tool.refuse(error)
        }
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
