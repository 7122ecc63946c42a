import Foundation

/// Shows that a configuration answers rightly, and by which way.
struct WayChecks {
    var lab: Lab

    private var configuration: Configuration { lab.configuration }

    func run(_ list: Checklist) async {
        await list.check("answer") { try await answer() }
        if configuration.isBlocked {
            await list.check("the log names the cause") { try cause() }
        }
        if let gateway = lab.gateway {
            await list.check("no way past the gateway") { try await bypass(gateway) }
        }
        if configuration.connection.tls, !configuration.isBlocked, !isByAddress {
            await list.check("another name stays blocked") { try await otherName() }
        }
        if !configuration.connection.tls {
            await list.check("no plain text on the wire") { try await origination() }
        }
        // The proxies write their lines when the connections end.
        await lab.ratings.stop()
        await list.check("way") { try await way() }
        if let mutual = configuration.mutualTLS, let gateway = lab.gateway {
            await list.check("identities") { try identities(mutual, gateway) }
        }
        await list.check("the service starts again") {
            try await lab.startRatings()
            return try await answer()
        }
    }

    /// Whether the database is known by its address, so that names play no part.
    private var isByAddress: Bool {
        lab.manifests.serviceEntries.contains { $0.spec.addresses != nil }
    }

    private func answer() async throws -> String {
        let answer = try await Reviews.get()
        let text = "\(answer.status) \(answer.body) in \(answer.duration.milliseconds)"
        try require(answer.status == configuration.status && answer.body == configuration.body, text)
        try require(answer.duration <= .seconds(2), text)
        return text
    }

    /// Of a blocked egress the service's log has to say where it wanted to go and what may be in the way.
    private func cause() throws -> String {
        let line = lab.ratings.lines().first { $0.contains("egress") && $0.contains(lab.target) }
        guard let line else { throw LabError("no line names \(lab.target) and egress: \(lab.ratings.lines())") }
        return line
    }

    private func way() async throws -> String {
        let evidence = try await Evidence.of(lab)
        for (proof, line) in evidence.proofs {
            try require(line != nil, "no line shows \(proof.description)")
        }
        try require(evidence.contradictions.isEmpty, "must not be there: \(evidence.contradictions)")
        return configuration.way(to: lab.target)
    }

    /// Even one who has become the sidecar's user, and so is not redirected, gets nowhere.
    private func bypass(_ gateway: Envoy) async throws -> String {
        let before = try await Router.dropped(from: .pod)
        // bash(1) opens a TCP connection for this redirection, and fails where it cannot.
        let attempt = try await NetworkNamespace.pod.attempt(
            as: .proxy, "timeout",
            ["0.5", "bash", "-c", "exec 3<>/dev/tcp/\(lab.databaseAddress)/\(lab.site.parameters.port)"])
        try require(!attempt.status.isSuccess, "a connection past the gateway succeeded")
        let counted = try await Router.dropped(from: .pod) - before
        try require(counted > 0, "the router counted no dropped packet")
        return "user 1337 gets no connection; \(counted) packets dropped and counted"
    }

    /// The rule lets one name out, not every server that can be reached at its address.
    private func otherName() async throws -> String {
        let other = "other.example.net"
        let attempt = try await NetworkNamespace.pod.attempt(
            as: .service, "openssl",
            ["s_client", "-connect", "\(lab.databaseAddress):\(lab.site.parameters.port)", "-servername", other])
        try require(!attempt.status.isSuccess, "TLS with the name \(other) succeeded")
        var line: AccessLogLine?
        try await wait("the sidecar's line", within: .seconds(2)) {
            line = try lab.sidecar.accessLog().last { $0.cluster == Snapshot.blackHole && $0.serverName == other }
            return line != nil
        }
        return "\(other): \(Snapshot.blackHole), \(line?.flags ?? "")"
    }

    private func identities(_ mutual: Configuration.MutualTLS, _ gateway: Envoy) throws -> String {
        let expected = try PeerLog(
            peer: lab.site.expectations.identity(of: mutual.client),
            local: lab.site.expectations.identity(of: mutual.server), version: "TLSv1.3", serverName: mutual.sni)
        let seen = try Set(gateway.peers())
        try require(seen == [expected], "expected \(expected), saw \(seen)")
        return "\(expected.peer ?? "") → \(expected.local ?? ""), TLSv1.3"
    }

    private func origination() async throws -> String {
        let cluster = "cluster.outbound|\(lab.site.parameters.port)||\(lab.site.parameters.host)"
        let counters = try await lab.sidecar.counters("ssl.handshake")
        let handshakes = counters.filter { $0.key.hasPrefix(cluster) }.values.compactMap { Int($0) }.reduce(0, +)
        try require(handshakes > 0, "no TLS handshake counted for \(cluster)")
        let capture = try await Capture.run {
            await lab.ratings.stop()
            try await lab.startRatings()
            _ = try await Reviews.get()
        }
        let toDatabase = capture.payload(port: lab.site.parameters.port)
        try require(!toDatabase.isEmpty, "nothing was captured")
        try require(!toDatabase.contains(text: "saslStart"), "the login crossed the wire in plain text")
        // The capture would see plain text if there were any: reviews' own request is.
        try require(
            capture.payload(port: SidecarInbound.port).contains(text: "GET /ratings/0"), "the capture sees nothing")
        return "\(handshakes) TLS handshakes by the sidecar, \(toDatabase.count) bytes captured, no login in them"
    }
}

extension Lab {
    /// Where the database answers.
    var databaseAddress: String { configuration.isReplicaSet ? Topology.members[0] : site.parameters.address }
}

extension Expectations {
    func identity(of proxy: String) throws -> String {
        guard let identity = proxies[proxy]?.identity else { throw LabError("no identity is expected of \(proxy)") }
        return identity
    }
}
