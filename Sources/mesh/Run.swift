import ArgumentParser
import MeshLab

struct Run: AsyncParsableCommand, InsideCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring a configuration up, send a request, show the way that it took, take everything down.")

    @Argument(help: "The configuration, a folder of bookinfo/egress; lists them where none is named.")
    var name: String?

    @Flag(help: "Leave it up, and say how to look inside.")
    var keep = false

    func run() async throws {
        guard name != nil else { return try List().run() }
        try await runInside()
    }

    func work() async throws {
        guard let name else { return }
        try await Demonstration(name, isKept: keep).run()
    }
}
