import ArgumentParser
import MeshLab

struct Bench: AsyncParsableCommand, InsideCommand {
    static let configuration = CommandConfiguration(abstract: "Measure what each way costs.")

    func run() async throws { try await runInside() }

    func work() async throws {}
}
