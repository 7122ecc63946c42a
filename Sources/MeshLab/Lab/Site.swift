import Foundation
import LocalMongo

/// What all configurations share: the network, DNS, the authorities, the data. One for each run of the lab.
public final class Site: Sendable {
    public let tools: Tools
    public let parameters: Parameters
    public let expectations: Expectations
    let names: NameServer
    let authority: MeshAuthority
    let template: DatabaseTemplate
    /// The floor that every other configuration stands on.
    private let floor: Manifests

    /// Makes everything, inside the lab's namespaces.
    public static func make() async throws -> Site {
        guard Isolation.isInside else { throw LabError("the lab runs in namespaces of its own only") }
        var tools = try Tools.locate()
        try await Isolation.enter()
        let parameters = try await Parameters.load(from: tools.repository, kubectl: tools.kubectl)
        let addresses = [parameters.address, Topology.movedDatabase] + Topology.members
        try await Topology.make(databases: Set(addresses))
        try await PodFirewall.install(in: .pod)
        // Other users run these, and they may lie where only root looks.
        tools.ratings = try await share(tools.ratings)
        tools.envoy = try await share(tools.envoy)
        let names = try await NameServer.start(in: Isolation.directory)
        async let authority = MeshAuthority.make(in: "\(Isolation.directory)/mesh-ca")
        async let floor = Manifests.render("\(tools.repository)/bookinfo/egress/blocked", kubectl: tools.kubectl)
        async let template = DatabaseTemplate.make(
            tools, hosts: [parameters.host] + parameters.members, addresses: addresses + Topology.membersIPv6,
            port: parameters.port)
        return try await Site(
            tools: tools, parameters: parameters,
            expectations: .load(from: tools.repository, parameters), names: names, authority: authority,
            template: template, floor: floor)
    }

    private init(
        tools: Tools, parameters: Parameters, expectations: Expectations, names: NameServer, authority: MeshAuthority,
        template: DatabaseTemplate, floor: Manifests
    ) {
        self.tools = tools
        self.parameters = parameters
        self.expectations = expectations
        self.names = names
        self.authority = authority
        self.template = template
        self.floor = floor
    }

    /// What a person who follows the walk has applied: the floor and the configuration.
    func manifests(_ name: String) async throws -> Manifests {
        if name == "blocked" { return floor }
        return floor.adding(
            try await Manifests.render("\(tools.repository)/bookinfo/egress/\(name)", kubectl: tools.kubectl))
    }

    /// Publishes the database's names.
    ///
    /// - Parameters:
    ///   - address: where the database answers, unless it has moved the manifests' own.
    ///   - members: where those of the replica set answer.
    func publish(database address: String? = nil, members: [String] = Topology.members) throws {
        var names = [parameters.host: address ?? parameters.address, parameters.resolver: Topology.nameServer]
        for (member, address) in zip(parameters.members, members) { names[member] = address }
        try self.names.serve(names)
    }

    private static func share(_ program: String) async throws -> String {
        let path = "\(Isolation.directory)/\((program as NSString).lastPathComponent)"
        let real = URL(fileURLWithPath: program).resolvingSymlinksInPath().path
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        try await Command.run("mount", ["--bind", real, path])
        return path
    }
}
