import ArgumentParser

/// The mesh on one machine: every egress configuration of `bookinfo/egress`, with the real service and real proxies.
@main
struct Mesh: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mesh",
        abstract: "Egress configurations of Bookinfo on one machine, in network namespaces of their own.",
        subcommands: [List.self, Run.self, Test.self, Bench.self, Departures.self], defaultSubcommand: List.self)
}
