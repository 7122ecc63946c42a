import Foundation

/// Shows that a configuration answers rightly, and by which way.
struct WayChecks {
    var lab: Lab

    private var configuration: Configuration { lab.configuration }

    func run(_ list: Checklist) async {
        await list.check("answer") { try await answer() }
        if let gateway = lab.gateway {
            await list.check("no way past the gateway") { try await bypass(gateway) }
        }
        if configuration.connection.tls, !configuration.isBlocked, !isByAddress {
            await list.check("another name stays blocked") { try await otherName() }
        }
        if !configuration.connection.tls {
            await list.check("no plain text on the wire") { try await origination() }
        }
        if !configuration.isBlocked {
            await list.check("idle connections are kept alive") { try await keepalive() }
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

    private func way() async throws -> String {
        let evidence = try await Evidence.of(lab)
        if let failure = evidence.failure { throw LabError(failure) }
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

    /// By the kernel's own word: a timer for each connection to the database, of no more than the minute that the
    /// DestinationRule says, or for nginx the Deployment's sysctls.
    private func keepalive() async throws -> String {
        let last: NetworkNamespace = lab.gateway == nil ? .pod : .egress
        let port = lab.site.parameters.port
        var timers: [String] = []
        try await wait("a keepalive timer for each connection to the database", within: .seconds(3)) {
            let sockets = try await last.run("ss", ["-Htnoe", "state", "established", "dport", "=", ":\(port)"])
            // The service's own connection to its sidecar has the database's address, too; the driver keeps that alive.
            let user: NetworkNamespace.User = configuration.hasSNIProxy ? .nginx : .proxy
            let outgoing = sockets.split(separator: "\n").filter {
                $0.contains(" uid:\(user.rawValue) ") && !$0.contains(" 127.0.0.1:")
            }
            timers = outgoing.map { line in
                String(line.split(separator: " ").first { $0.hasPrefix("timer:(keepalive,") } ?? line)
            }
            let limit = /timer:\(keepalive,[0-9]{1,2}sec,0\)/
            return try !timers.isEmpty && timers.allSatisfy { try limit.wholeMatch(in: $0) != nil }
        }
        return timers.joined(separator: ", ")
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
