import Foundation
import LocalMongo
import MeshLab
import Options
import Processes

/// The mesh on one machine: every egress configuration of `bookinfo/egress`, with the real service and real proxies.
@main
enum Mesh {
    private static let keep = Option("--keep", help: "Leave it up, and say how to look inside.")
    private static let exec = Option(
        "--exec", "COMMAND", help: "Run this in the caller's place instead, with RATINGS_URL and the like, by sh -c.")
    private static let report = Option("--report", "FILE", help: "Also write the results to this file, as JSON.")
    private static let labs = Option(
        "--labs", "COUNT", default: "2", help: "How many configurations at a time, each in a lab of its own.")
    private static let requests = Option(
        "--requests", "COUNT", default: "1500", help: "Requests for each way, in each of three rounds.")
    private static let explain = Option("--explain", help: "Name every field of the proxies' log lines.")
    private static let fault = Option(
        "--break", "FAULT", help: "Break it, show what the service and 'ratings check' say of it, and mend it.")
    private static let ofWay = Option("--way", help: "Only the checks of the way.")
    private static let tool = Tool(
        "mesh",
        abstract: "Egress configurations of Bookinfo on one machine, in network namespaces of their own.",
        subcommands: [
            Tool("list", abstract: "List the configurations, one line each."),
            Tool(
                "run",
                abstract:
                    "Bring a configuration up, send a request, show the way that it took, take everything down.",
                options: [keep, explain, fault, exec],
                operand: Operand(
                    "NAME", help: "The configuration, a folder of bookinfo/egress; lists them where none is named.")),
            Tool(
                "test", abstract: "Prove every configuration, and print a matrix.", options: [report, labs],
                operand: Operand("NAME", isRepeated: true, help: "Configurations; all where none is named.")),
            Tool(
                "mutate",
                abstract: "Show that each check can fail: change the world around it, and expect it to notice, alone.",
                options: [ofWay, labs],
                operand: Operand("NAME", isRepeated: true, help: "Configurations; all where none is named.")),
            Tool(
                "drain",
                abstract:
                    "Take a configuration away under open connections, with Istio's own drain time of 45 seconds, or another.",
                operand: Operand("SECONDS", help: "The drain time of the sidecar; 45 where none is named.")),
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
            if let fault = arguments[fault] {
                let configuration = arguments.operands.first
                return try await inside { try await FaultDemonstration(fault, in: configuration).run() }
            }
            guard let name = arguments.operands.first else {
                if arguments[exec] != nil { throw UsageError("--exec needs the name of a configuration") }
                return try await listConfigurations()
            }
            if let command = arguments[exec] {
                return try await inside { exit(try await Execution(name, command: command).run()) }
            }
            try await inside {
                try await Demonstration(name, isKept: arguments.has(keep), isExplained: arguments.has(explain)).run()
            }
        case "test":
            let matrix = try await shared(arguments, inside: Matrix.run, beside: Matrix.collect)
            guard let matrix else { return }
            if let report = arguments[report] {
                try JSONEncoder().encode(matrix).write(to: URL(fileURLWithPath: report))
            }
            print(matrix.table)
            if !matrix.isPassed { exit(EXIT_FAILURE) }
        case "mutate":
            let isOfWayOnly = arguments.has(ofWay)
            let mutations = try await shared(arguments) { names, shared in
                try await Mutations.run(names, shared: shared, ofWayOnly: isOfWayOnly)
            } beside: {
                try await Mutations.collect($0, $1, from: $2)
            }
            guard let mutations else { return }
            print(mutations.summary)
            if !mutations.failures.isEmpty { exit(EXIT_FAILURE) }
        case "drain":
            guard let seconds = Int(arguments.operands.first ?? "45"), seconds > 0 else {
                throw UsageError("SECONDS is a number")
            }
            try await inside { print(try await Matrix.drain(seconds)) }
        case "bench":
            let requests = try arguments.number(requests)
            try await inside { print(try await Cost.measure(requests: requests).table) }
        case "departures":
            for departure in Departures.all {
                print((["- \(departure.reason)"] + departure.paths).joined(separator: "\n    "))
            }
        default: try await listConfigurations()
        }
    }

    /// Work on each configuration that is named, by several labs at a time.
    ///
    /// - Parameters:
    ///   - inside: in a lab, which takes its share.
    ///   - beside: in the process that waits for the labs.
    /// - Returns: nil in a lab.
    private static func shared<Result>(
        _ arguments: Arguments, inside work: ([String], SharedWork) async throws -> Void,
        beside collect: ([String], SharedWork, [ChildProcess]) async throws -> Result
    ) async throws -> Result? {
        let tools = try Tools.repository()
        let expectations = try Expectations.load(from: tools, await Parameters.load(from: tools))
        let all = expectations.configurations.map(\.name)
        let named = arguments.operands
        let names = try named.isEmpty ? all : named.map { try expectations.named($0).name }
        if let shared = SharedWork.ofThisLab {
            try await inside { try await work(names, shared) }
            return nil
        }
        let folder = try PrivateDirectory(name: "mesh-labs")
        let shared = SharedWork(folder: folder.path)
        let count = min(try arguments.number(labs), names.count)
        return try await withLabs(count, environment: shared.environment) { labs in
            try await collect(names, shared, labs)
        }
    }
}
