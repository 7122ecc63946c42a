/// The database moves to an address of IPv6 only, in a mesh of both families: the name has an AAAA record and no A record.
///
/// In a mesh of IPv4 alone, as everywhere else in the lab, istiod has the proxies look up A records only.
struct IPv6Check {
    var lab: Lab

    /// What has to be changed for it, as `bookinfo/README.md` says: addresses, and who asks for A records only.
    private var manifests: Manifests {
        var manifests = lab.manifests
        for index in manifests.serviceEntries.indices where manifests.serviceEntries[index].spec.addresses != nil {
            manifests.serviceEntries[index].spec.addresses = [Topology.databaseIPv6]
            manifests.serviceEntries[index].spec.endpoints = [.init(address: Topology.databaseIPv6)]
        }
        for index in manifests.envoyFilters.indices {
            for patch in manifests.envoyFilters[index].spec.configPatches.indices {
                let value = manifests.envoyFilters[index].spec.configPatches[patch].patch.value
                manifests.envoyFilters[index].spec.configPatches[patch].patch.value = value.mapTexts {
                    $0 == "V4_ONLY" ? "ALL" : $0
                }
            }
        }
        return manifests
    }

    func run() async throws -> String {
        if let replicaSet = lab.replicaSet.get() { return try await run(instead: replicaSet) }
        let mongod = try await lab.site.template.mongod("ipv6", address: Topology.databaseIPv6)
        lab.spare.set(mongod)
        return try await mended {
            await lab.database.get()?.kill()
            try await mongod.start()
            try lab.site.publish(database: Topology.databaseIPv6)
            return try await look([Topology.databaseIPv6])
        } by: {
            await mongod.kill()
            try await lab.database.get()?.start()
            try lab.site.publish(database: lab.database.get()?.address)
            try await restart(isDualStack: false)
        }
    }

    /// Another set in its place, which knows its members by the same names.
    private func run(instead replicaSet: ReplicaSet) async throws -> String {
        let moved = Current<ReplicaSet>()
        return try await mended {
            await replicaSet.stop()
            try lab.site.publish(members: Topology.membersIPv6)
            moved.set(
                try await ReplicaSet.start(
                    lab.site.template, hosts: lab.site.parameters.members, addresses: Topology.membersIPv6,
                    directory: "ipv6"))
            return try await look(Topology.membersIPv6)
        } by: {
            await moved.get()?.stop()
            try lab.site.publish()
            try await replicaSet.start()
            try await restart(isDualStack: false)
        }
    }

    private func look(_ addresses: [String]) async throws -> String {
        try await restart(isDualStack: true)
        await lab.ratings.stop()
        let expected = addresses.map { "[\($0)]:\(lab.site.parameters.port)" }
        var seen: Set<String> = []
        _ = try? await wait("lines of \(expected)", within: .seconds(2)) {
            seen = try Set((lab.gateway ?? lab.sidecar).accessLog().map(\.upstreamHost))
            // nginx, where it stands behind the gateway, says "proxy … connected to …".
            seen.formUnion(
                try (lab.sniProxy.get()?.lines() ?? []).compactMap { $0.split(separator: " ").last.map(String.init) })
            return seen.isSuperset(of: expected)
        }
        try require(seen.isSuperset(of: expected), "expected lines of \(expected), saw \(seen.sorted())")
        return "right answers by \(expected.joined(separator: ", "))"
    }

    /// Pods keep their addresses as long as they live; so this is another pod.
    private func restart(isDualStack: Bool) async throws {
        let manifests = isDualStack ? manifests : lab.manifests
        await lab.ratings.stop()
        if let gateway = lab.gateway {
            try await lab.replaceSNIProxy { isDualStack ? $0.replacing(" ipv6=off", with: "") : $0 }
            await gateway.stop()
            try await gateway.push(lab.gatewaySnapshot(manifests, isDualStack: isDualStack))
            try await gateway.start()
        }
        await lab.sidecar.stop()
        try await lab.sidecar.push(lab.sidecarSnapshot(manifests, isDualStack: isDualStack))
        try await lab.sidecar.start()
        try await lab.startRatings()
        try await wait("right answers", within: .seconds(8), every: .milliseconds(100)) {
            try await Reviews.get().body == lab.configuration.body
        }
    }
}
