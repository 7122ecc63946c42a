/// The database moves to an address of IPv6 only, in a mesh of both families: the name has an AAAA record and no A record.
///
/// In a mesh of IPv4 alone, as everywhere else in the lab, istiod has the proxies look up A records only.
struct IPv6Check {
    var lab: Lab

    /// Known by name, and looked up by what istiod makes: the EnvoyFilter of tls-wildcard and nginx's resolver ask for A
    /// records themselves.
    static func isPossible(_ lab: Lab) -> Bool {
        let entries = lab.manifests.serviceEntries.map(\.spec)
        let isByName = entries.allSatisfy { $0.addresses == nil && ["DNS", "DYNAMIC_DNS"].contains($0.resolution) }
        return !entries.isEmpty && isByName && lab.database.get() != nil && lab.configuration.name != "tls-wildcard"
    }

    func run() async throws -> String {
        let mongod = try await lab.site.template.mongod("ipv6", address: Topology.databaseIPv6)
        lab.spare.set(mongod)
        try await mongod.start()
        await lab.database.get()?.kill()
        try lab.site.publish(database: Topology.databaseIPv6)
        return try await mended {
            try await look()
        } by: {
            await mongod.kill()
            try await lab.database.get()?.start()
            try lab.site.publish(database: lab.database.get()?.address)
            try await restart(isDualStack: false)
        }
    }

    private func look() async throws -> String {
        try await restart(isDualStack: true)
        await lab.ratings.stop()
        let address = "[\(Topology.databaseIPv6)]:\(lab.site.parameters.port)"
        var seen: [String] = []
        _ = try? await wait("a line of \(address)", within: .seconds(2)) {
            seen = try (lab.gateway ?? lab.sidecar).accessLog().map(\.upstreamHost)
            return seen.contains(address)
        }
        try require(seen.contains(address), "expected a line of \(address), saw \(Set(seen).sorted())")
        return "right answers by \(address)"
    }

    /// Pods keep their addresses as long as they live; so this is another pod.
    private func restart(isDualStack: Bool) async throws {
        await lab.ratings.stop()
        if let gateway = lab.gateway {
            await gateway.stop()
            try await gateway.push(lab.gatewaySnapshot(isDualStack: isDualStack))
            try await gateway.start()
        }
        await lab.sidecar.stop()
        try await lab.sidecar.push(lab.sidecarSnapshot(isDualStack: isDualStack))
        try await lab.sidecar.start()
        try await lab.startRatings()
        try await wait("right answers", within: .seconds(8), every: .milliseconds(100)) {
            try await Reviews.get().body == lab.configuration.body
        }
    }
}
