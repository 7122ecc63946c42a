import ArgumentParser
import MeshLab

struct Run: AsyncParsableCommand, InsideCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring a configuration up, send a request, show the way that it took, take everything down.")

    @Argument(help: "The configuration: a folder of bookinfo/egress.")
    var name: String

    @Flag(help: "Leave it up, and say how to look inside.")
    var keep = false

    func run() async throws { try await runInside() }

    func work() async throws { try await Demonstration(name, isKept: keep).run() }
}
