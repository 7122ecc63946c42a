import ArgumentParser
import MeshLab

struct Bench: AsyncParsableCommand, InsideCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure what each way costs against no proxy, and print a Markdown table.")

    @Option(help: "Requests for each way, in each of three rounds.")
    var requests = 1500

    func run() async throws { try await runInside() }

    func work() async throws {
        print(try await Cost.measure(requests: requests).table)
    }
}
