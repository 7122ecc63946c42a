import ArgumentParser
import MeshLab

struct Test: AsyncParsableCommand, InsideCommand {
    static let configuration = CommandConfiguration(abstract: "Prove every configuration, and print a matrix.")

    func run() async throws { try await runInside() }

    func work() async throws {}
}

struct Bench: AsyncParsableCommand, InsideCommand {
    static let configuration = CommandConfiguration(abstract: "Measure what each way costs.")

    func run() async throws { try await runInside() }

    func work() async throws {}
}
