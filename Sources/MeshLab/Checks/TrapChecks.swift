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
        let line = try await fall(to: "\(Topology.movedDatabase):\(lab.site.parameters.port)") {
            try await lab.startRatings()
        }
        try lab.site.publish()
        try await recover()
        return line
    }

    private func addressInURL() async throws -> String {
        let address = lab.site.parameters.address
        let line = try await fall(to: "\(address):\(lab.site.parameters.port)") {
            try await lab.ratings.start(url: lab.site.template.url(hosts: [address], isTLS: true))
        }
        try await recover()
        return line
    }

    /// The service's TLS inside the sidecar's: mongod sees no MongoDB, and no name of a rule is at fault.
    private func doubleTLS() async throws -> String {
        await lab.ratings.stop()
        try await lab.ratings.start(url: lab.site.template.url(hosts: [lab.site.parameters.host], isTLS: true))
        let answer = try await Reviews.get()
        try require(answer.body == Traffic.failures[0], "\(answer.status) \(answer.body)")
        try await recover()
        return "\(answer.status) \(answer.body)"
    }

    private func unnamedMember() async throws -> String {
        var manifests = lab.manifests
        let named = lab.site.parameters.members[0]
        for index in manifests.serviceEntries.indices { manifests.serviceEntries[index].spec.hosts = [named] }
        await lab.ratings.stop()
        try await lab.sidecar.push(lab.sidecarSnapshot(manifests))
        try await lab.startRatings()
        _ = try await Reviews.get()
        await lab.ratings.stop()
        var lines: [AccessLogLine] = []
        let others = Set(lab.site.parameters.members.dropFirst())
        try await wait("lines of the members that are not named", within: .seconds(3)) {
            lines = try lab.sidecar.accessLog().filter {
                $0.cluster == Snapshot.blackHole && others.contains($0.serverName)
            }
            return Set(lines.map(\.serverName)) == others
        }
        try await lab.sidecar.push(lab.sidecarSnapshot())
        try await recover()
        return "only \(named) named: \(others.sorted().joined(separator: ", ")) \(Snapshot.blackHole)"
    }

    /// Starts the service anew and expects it to end in nowhere.
    ///
    /// - Parameter target: where the service wanted to go.
    private func fall(to target: String, _ start: () async throws -> Void) async throws -> String {
        await lab.ratings.stop()
        try await start()
        let answer = try await Reviews.get()
        try require(answer.body == Traffic.failures[0], "\(answer.status) \(answer.body)")
        try await wait("a line of \(Snapshot.blackHole) for \(target)", within: .seconds(2)) {
            try lab.sidecar.accessLog().contains { $0.cluster == Snapshot.blackHole && $0.downstreamLocal == target }
        }
        return "\(answer.status), \(target): \(Snapshot.blackHole)"
    }

    private func recover() async throws {
        await lab.ratings.stop()
        try await lab.startRatings()
        let answer = try await Reviews.get()
        try require(answer.body == lab.configuration.body, "afterwards: \(answer.status) \(answer.body)")
    }
}
