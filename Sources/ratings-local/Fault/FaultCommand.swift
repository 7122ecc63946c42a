import Faults
import Foundation
import Options

/// `ratings-local fault NAME`, in the environment of a command that `ratings-local exec` runs.
enum FaultCommand {
    static let latency = Option(
        "--latency", "TIME", default: "80ms", help: "How much later answers of the database come, for the fault slow.")

    static let tool = Tool(
        "fault",
        abstract: "Makes a fault of the database, or ends it: fault none. Without a name, lists them.",
        discussion: """
            Works in the environment of a command that ratings-local exec runs. One fault lasts until the next one, or none.
            Returns when it is in effect; none, restart and failOver return when the service has read a rating again.

            \(list)
            """,
        options: [latency], operand: Operand("NAME", help: "The fault, or none."))

    /// Every fault, what it is, and what becomes of connections that are open.
    static let list: String = {
        let width = LiveFault.all.map(\.name.count).max() ?? 0
        return LiveFault.all.map { fault in
            let name = fault.name + String(repeating: " ", count: width - fault.name.count)
            return "\(name)  \(fault.meaning); \(ending(fault))"
        }.joined(separator: "\n")
    }()

    /// What becomes of connections that are open.
    static func ending(_ fault: LiveFault) -> String {
        fault.cutsConnections ? "open connections are cut" : "open connections stay"
    }

    /// The fault of this name.
    static func fault(_ name: String) throws(UsageError) -> LiveFault {
        guard let fault = LiveFault(name) else {
            throw UsageError("unknown fault \(name); there are \(LiveFault.all.map(\.name).joined(separator: ", "))")
        }
        return fault
    }

    static func latency(of arguments: Arguments) throws(UsageError) -> Duration {
        let text = arguments.text(latency)
        let factor = text.hasSuffix("ms") ? 0.001 : 1
        let number = text.hasSuffix("ms") ? text.dropLast(2) : text.dropLast(text.hasSuffix("s") ? 1 : text.count)
        guard let seconds = Double(number), (0...60).contains(seconds * factor) else {
            throw UsageError("\(latency.name) is \(text): give a time up to 60s, as in 80ms")
        }
        return .milliseconds(Int64(seconds * factor * 1000))
    }

    /// - Returns: the exit status.
    static func run(_ arguments: Arguments) throws(UsageError) -> Int32 {
        guard let name = arguments.operands.first else {
            print(list)
            return EXIT_SUCCESS
        }
        if name != "none" { _ = try fault(name) }
        let latency = try latency(of: arguments)
        guard let path = ProcessInfo.processInfo.environment[FaultControl.variable] else {
            Terminal.say("fault works in the environment of a command that ratings-local exec runs")
            return EXIT_FAILURE
        }
        do {
            let reply = try FaultControl.ask(
                "\(name) \(latency.components.seconds * 1000 + latency.components.attoseconds / 1_000_000_000_000_000)",
                at: path)
            guard reply.isGood else {
                Terminal.say(reply.text)
                return EXIT_FAILURE
            }
            print(reply.text)
            return EXIT_SUCCESS
        } catch {
            Terminal.say("\(error)")
            return EXIT_FAILURE
        }
    }
}
