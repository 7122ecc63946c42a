/// A sidecar that lies to the gateway: outside, in the mutual TLS, the name of one host, and inside, in the client's own TLS,
/// that of another.
///
/// Names are forged before any honest connection is open and while several are: a gateway that keeps connections of its own
/// may mix them up.
struct ForgedNameChecks {
    var lab: Lab
    var gateway: Envoy

    /// Of this domain, each with a server of its own.
    private var hosts: [String] { [lab.site.parameters.host] + lab.site.parameters.members.dropFirst() }
    private static let outside = "other.example.net"

    func run() async throws -> String {
        let others = try await startOthers()
        await lab.ratings.stop()
        try await lab.sidecar.push(snapshotWithLies())
        var open: [TLSClient] = []
        return try await mended {
            try await tryAll(&open)
        } by: {
            await end(others, open)
            try await lab.restore()
        }
    }

    private func tryAll(_ open: inout [TLSClient]) async throws -> String {
        var count = 0
        for (outer, inner) in pairs {
            try await forge(outer: outer, inner: inner, "before any connection is open")
            count += 1
        }
        try await lab.startRatings()
        try require(try await Reviews.get().body == lab.configuration.body, "ratings does not come through")
        for host in hosts {
            let client = try await TLSClient.connect(to: address(of: host), name: host)
            open.append(client)
            try require(client.server == server(of: host), "\(host) led to \(client.server ?? "nowhere")")
        }
        for (outer, inner) in pairs + pairs {
            try await forge(outer: outer, inner: inner, "while honest connections are open")
            count += 1
            let honest = try await TLSClient.connect(to: address(of: inner), name: inner)
            await honest.stop()
            try require(
                honest.server == server(of: inner),
                "beside it, the honest \(inner) led to \(honest.server ?? "nowhere")")
        }
        try await forge(outer: Self.outside, inner: hosts[0], "outside the domain")
        try require(try await Reviews.get().body == lab.configuration.body, "ratings does not come through any more")
        let fate = lab.configuration.forgedSNI == .refused ? "refused" : "led to the host of the gateway's log"
        return
            "\(count) of \(count) forged names \(fate), \(pairs.count * 2) of \(pairs.count * 2) honest ones beside them "
            + "came through, \(Self.outside) refused"
    }

    private var pairs: [(outer: String, inner: String)] {
        hosts.flatMap { outer in hosts.filter { $0 != outer }.map { (outer, $0) } }
    }

    private func forge(outer: String, inner: String, _ moment: String) async throws {
        let before = try await gateway.count("sni_verifier.*rbac.denied$")
        let client = try await TLSClient.connect(to: "127.0.0.1:\(port(of: outer))", name: inner)
        await client.stop()
        let leadsOn = outer != Self.outside && lab.configuration.forgedSNI == .followsOuter
        let expected = leadsOn ? server(of: outer) : nil
        try require(
            client.server == expected,
            "\(moment), outer \(outer) with inner \(inner) led to \(client.server ?? "nowhere"), not to \(expected ?? "nowhere")"
        )
        guard outer != Self.outside else { return }
        if lab.configuration.forgedSNI == .refused {
            let denied = try await gateway.count("sni_verifier.*rbac.denied$") - before
            try require(denied == 1, "the gateway's verifier counted \(denied) refusals of one")
        }
        // Whatever was inside, the gateway's own log has the outer name.
        try await wait("the gateway's line of \(outer)", within: .seconds(2)) {
            try gateway.accessLog().contains { $0.serverName == outer }
        }
    }

    // MARK: The world of it

    private func startOthers() async throws -> [Mongod] {
        var others: [Mongod] = []
        for host in hosts.dropFirst() {
            let mongod = try await lab.site.template.mongod(
                host, address: address(of: host).withoutPort, certifiedAs: host)
            try await mongod.start()
            others.append(mongod)
        }
        return others
    }

    private func end(_ others: [Mongod], _ clients: [TLSClient]) async {
        for client in clients { await client.stop() }
        await lab.ratings.stop()
        for other in others { await other.kill() }
    }

    /// The honest configuration, and a listener of the pod's own for each name to lie with.
    private func snapshotWithLies() async throws -> Snapshot {
        var snapshot = try await lab.sidecarSnapshot()
        let toGateway = snapshot.clusters.first {
            $0["transport_socket"] != nil && $0["name"]?.string?.hasPrefix("outbound|443|") == true
        }
        guard let toGateway else { throw LabError("the sidecar has no cluster with mutual TLS to the gateway") }
        for outer in hosts + [Self.outside] {
            var cluster = toGateway.merging(["transport_socket": ["typed_config": ["sni": .string(outer)]]])
            cluster["name"] = .string("lie|\(outer)")
            snapshot.add(cluster: cluster)
            snapshot.listeners.append([
                "name": .string("lie|\(outer)"), "address": EnvoyPart.address("127.0.0.1", port(of: outer)),
                "filter_chains": [["filters": [EnvoyPart.tcpProxy("lie|\(outer)")]]],
            ])
        }
        return snapshot
    }

    private func port(of outer: String) -> Int {
        20000 + ((hosts + [Self.outside]).firstIndex(of: outer) ?? 0)
    }

    private func address(of host: String) -> String {
        let index = lab.site.parameters.members.firstIndex(of: host)
        return "\(index.map { Topology.members[$0] } ?? lab.site.parameters.address):\(lab.site.parameters.port)"
    }

    /// The common name of the host's certificate.
    private func server(of host: String) -> String { host == hosts[0] ? "server" : host }
}

extension String {
    fileprivate var withoutPort: String { String(prefix { $0 != ":" }) }
}
