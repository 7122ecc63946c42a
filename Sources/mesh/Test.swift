import ArgumentParser
import Foundation
import MeshLab

struct Test: AsyncParsableCommand, InsideCommand {
    static let configuration = CommandConfiguration(abstract: "Prove every configuration, and print a matrix.")

    @Argument(help: "Configurations; all where none is named.")
    var names: [String] = []

    @Option(help: "Also write the results to this file, as JSON.")
    var report: String?

    func run() async throws { try await runInside() }

    func work() async throws {
        let matrix = try await Matrix.run(names.isEmpty ? nil : names)
        if let report { try JSONEncoder().encode(matrix).write(to: URL(fileURLWithPath: report)) }
        print(matrix.table)
        guard matrix.isPassed else { throw ExitCode.failure }
    }
}
