/// Walks into the traps that `bookinfo/README.md` names, and looks for the signs that it gives.
struct TrapChecks {
    var lab: Lab

    func run(_ list: Checklist) async {
        switch lab.configuration.name {
        case "tcp": await list.check("trap: the database's address moves") { try await movedAddress() }
        case "tls": await list.check("trap: an address in the URL under SNI routing") { try await addressInURL() }
        case "tls-origination": await list.check("trap: TLS in the URL as well") { try await doubleTLS() }
        case "replica-set": await list.check("trap: a member that is not named") { try await unnamedMember() }
        default: break
        }
    }

    private func movedAddress() async throws -> String {
        try lab.site.publish(database: Topology.movedDatabase)
        return try await mended {
            try await fall(to: "\(Topology.movedDatabase):\(lab.site.parameters.port)", url: lab.url)
        } by: {
            try lab.site.publish()
            try await lab.restore()
        }
    }

    private func addressInURL() async throws -> String {
        let address = lab.site.parameters.address
        return try await mended {
            try await fall(
                to: "\(address):\(lab.site.parameters.port)",
                url: lab.site.template.url(hosts: [address], isTLS: true))
        } by: {
            try await lab.restore()
        }
    }

    /// The service's TLS inside the sidecar's: mongod sees no MongoDB, and no name of a rule is at fault.
    private func doubleTLS() async throws -> String {
        try await mended {
            try await refused(url: lab.site.template.url(hosts: [lab.site.parameters.host], isTLS: true))
        } by: {
            try await lab.restore()
        }
    }

    private func unnamedMember() async throws -> String {
        var manifests = lab.manifests
        let named = lab.site.parameters.members[0]
        for index in manifests.serviceEntries.indices { manifests.serviceEntries[index].spec.hosts = [named] }
        await lab.ratings.stop()
        try await lab.sidecar.push(lab.sidecarSnapshot(manifests))
        return try await mended {
            try await lab.startRatings()
            _ = try await Reviews.get()
            await lab.ratings.stop()
            let others = Set(lab.site.parameters.members.dropFirst())
            try await wait("lines of the members that are not named", within: .seconds(3)) {
                let lines = try lab.sidecar.accessLog().filter {
                    $0.cluster == Snapshot.blackHole && others.contains($0.serverName)
                }
                return Set(lines.map(\.serverName)) == others
            }
            return "only \(named) named: \(others.sorted().joined(separator: ", ")) \(Snapshot.blackHole)"
        } by: {
            try await lab.restore()
        }
    }

    /// Starts the service anew and expects it to end in nowhere.
    ///
    /// - Parameters:
    ///   - target: where the service wanted to go.
    ///   - url: a secret.
    private func fall(to target: String, url: String) async throws -> String {
        let text = try await refused(url: url)
        try await wait("a line of \(Snapshot.blackHole) for \(target)", within: .seconds(2)) {
            try lab.sidecar.accessLog().contains { $0.cluster == Snapshot.blackHole && $0.downstreamLocal == target }
        }
        return "\(text), \(target): \(Snapshot.blackHole)"
    }

    private func refused(url: String) async throws -> String {
        await lab.ratings.stop()
        try await lab.ratings.start(url: url)
        let answer = try await Reviews.get()
        let text = "\(answer.status) \(answer.body)"
        try require(answer.body == Traffic.failures[0], text)
        return text
    }
}
