import ArgumentParser
import Foundation
import LocalMongo

/// `make bench`: the service beside a pooled node-mongodb service and the bare driver, in one run on one machine.
@main
struct RatingsBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ratings-bench",
        abstract:
            "Measures requests per second, latency, start and memory of the ratings service, in about two minutes."
    )

    @Option(help: "The service's binary, a release build.")
    var ratings = ".build/release/ratings"

    @Option(help: "The folder that holds pooled-find.js and report.lua.")
    var programs = "Sources/ratings-bench/Programs"

    @Option(help: "Seconds of each measurement, of which there are three; a second of warm-up comes on top.")
    var seconds = 3

    @Option(help: "Threads of wrk.")
    var wrkThreads = 2

    @Option(help: "Connections of node-mongodb's pool, as many as our reads (its default is 5).")
    var nodePool = 8

    func run() async throws {
        do {
            Progress.say("starting mongod over TLS, with authentication ...")
            let database = try await BookinfoDatabase.start()
            let result: Result<Void, any Error>
            do {
                let benchmark = Benchmark(
                    ratings: ratings, programs: programs, seconds: seconds, wrkThreads: wrkThreads, nodePool: nodePool,
                    url: database.url)
                print(try await benchmark.run().description)
                result = .success(())
            } catch {
                result = .failure(error)
            }
            try await database.stop()
            try result.get()
        } catch {
            Progress.say("\(error)")
            throw ExitCode.failure
        }
    }
}

/// Progress on standard error; the table alone goes to standard output.
enum Progress {
    static func say(_ line: String) {
        FileHandle.standardError.write(Data("bench: \(line)\n".utf8))
    }
}
