import ArgumentParser
import Foundation
import LocalMongo

/// `make run`: the service in front of a real, throw-away MongoDB, on this machine.
@main
struct RatingsLocal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ratings-local",
        abstract: "Serves ratings from a throw-away MongoDB over TLS, until Ctrl-C.",
        discussion: """
            Starts mongod on loopback with TLS and authentication, fills it as Istio's article "Consuming External \
            MongoDB Services" does, and starts the service with a MONGO_DB_URL for it. Where the environment holds a \
            MONGO_DB_URL already, only the service is started.
            """
    )

    @Option(help: "The service's binary.")
    var ratings = ".build/release/ratings"

    @Option(help: "The port to serve on.")
    var port = 9080

    func run() async throws {
        let interrupts = Interrupts()
        let local = LocalRun(ratings: ratings, port: port)
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
        case .success(let code) where code == 0: return
        case .success(let code): throw ExitCode(code)
        case .failure(is CancellationError): Terminal.say("all has ended")
        case .failure(let error) where serving.isCancelled: Terminal.say("ended (\(error))")
        case .failure(let error):
            Terminal.say("\(error)")
            throw ExitCode.failure
        }
    }
}
