import Foundation
import MeshLab
import Options

/// The mesh on one machine: every egress configuration of `bookinfo/egress`, with the real service and real proxies.
@main
enum Mesh {
    private static let keep = Option("--keep", help: "Leave it up, and say how to look inside.")
    private static let report = Option("--report", "FILE", help: "Also write the results to this file, as JSON.")
    private static let requests = Option(
        "--requests", "COUNT", default: "1500", help: "Requests for each way, in each of three rounds.")
    private static let tool = Tool(
        "mesh",
        abstract: "Egress configurations of Bookinfo on one machine, in network namespaces of their own.",
        subcommands: [
            Tool("list", abstract: "List the configurations, one line each."),
            Tool(
                "run",
                abstract:
                    "Bring a configuration up, send a request, show the way that it took, take everything down.",
                options: [keep],
                operand: Operand(
                    "NAME", help: "The configuration, a folder of bookinfo/egress; lists them where none is named.")),
            Tool(
                "test", abstract: "Prove every configuration, and print a matrix.", options: [report],
                operand: Operand("NAME", isRepeated: true, help: "Configurations; all where none is named.")),
            Tool(
                "bench", abstract: "Measure what each way costs against no proxy, and print a Markdown table.",
                options: [requests]),
            Tool("departures", abstract: "List what the lab does differently from a cluster."),
        ])

    static func main() async {
        let arguments = tool.readCommandLine()
        do {
            try await run(arguments)
        } catch let error as UsageError {
            tool.refuse(error)
        } catch {
            FileHandle.standardError.write(Data("mesh: \(error)\n".utf8))
            exit(EXIT_FAILURE)
        }
    }

    private static func run(_ arguments: Arguments) async throws {
        switch arguments.subcommand {
        case "run":
            guard let name = arguments.operands.first else { return try await listConfigurations() }
            try await inside { try await Demonstration(name, isKept: arguments.has(keep)).run() }
        case "test": try await inside { try await test(arguments.operands, report: arguments[report]) }
        case "bench":
            let requests = try arguments.number(requests)
            try await inside { print(try await Cost.measure(requests: requests).table) }
        case "departures":
            for departure in Departures.all { print("- \(departure)") }
        default: try await listConfigurations()
        }
    }

    private static func test(_ names: [String], report: String?) async throws {
        let matrix = try await Matrix.run(names.isEmpty ? nil : names)
        if let report { try JSONEncoder().encode(matrix).write(to: URL(fileURLWithPath: report)) }
        print(matrix.table)
        if !matrix.isPassed { exit(EXIT_FAILURE) }
    }
}
