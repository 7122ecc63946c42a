import Foundation
import LocalMongo
import Options

/// `make bench`: the service beside a pooled node-mongodb service and the bare driver, in one run on one machine.
@main
enum RatingsBench {
    private static let ratings = Option(
        "--ratings", "FILE", default: ".build/release/ratings", help: "The service's binary, a release build.")
    private static let programs = Option(
        "--programs", "FOLDER", default: "Sources/ratings-bench/Programs",
        help: "The folder that holds pooled-find.js and report.lua.")
    private static let seconds = Option(
        "--seconds", "SECONDS", default: "3",
        help: "Of each measurement, of which there are three; a second of warm-up comes on top.")
    private static let wrkThreads = Option("--wrk-threads", "COUNT", default: "2", help: "Threads of wrk.")
    private static let nodePool = Option(
        "--node-pool", "COUNT", default: "8",
        help: "Connections of node-mongodb's pool, as many as our reads; its own default is 5.")
    private static let tool = Tool(
        "ratings-bench",
        abstract:
            "Measures requests per second, latency, start and memory of the ratings service, in about two minutes.",
        options: [ratings, programs, seconds, wrkThreads, nodePool])

    static func main() async {
        let arguments = tool.readCommandLine()
        do {
            let seconds = try arguments.number(seconds)
            let wrkThreads = try arguments.number(wrkThreads)
            let nodePool = try arguments.number(nodePool)
            Progress.say("starting mongod over TLS, with authentication ...")
            let database = try await BookinfoDatabase.start()
            let benchmark = Benchmark(
                ratings: arguments.text(ratings), programs: arguments.text(programs), seconds: seconds,
                wrkThreads: wrkThreads, nodePool: nodePool, url: database.url)
            let result: Result<Report, any Error>
            do {
                result = .success(try await benchmark.run())
            } catch {
                result = .failure(error)
            }
            try await database.stop()
            print(try result.get().description)
        } catch let error as UsageError {
            tool.refuse(error)
        } catch {
            Progress.say("\(error)")
            exit(EXIT_FAILURE)
        }
    }
}

/// Progress on standard error; the table alone goes to standard output.
enum Progress {
    static func say(_ line: String) {
        FileHandle.standardError.write(Data("bench: \(line)\n".utf8))
    }
}
