/// The way of a connection, drawn: each hop with its address, and between two hops what protects the bytes.
struct Drawing {
    var lab: Lab
    var evidence: Evidence
    /// Identities that the gateway saw.
    var peers: [PeerLog]
    /// TLS versions of the connections that the sidecar itself encrypted, as Envoy counted them.
    var originated: [String]

    static func of(_ lab: Lab, _ evidence: Evidence) async throws -> Drawing {
        let prefix = "cluster.outbound|\(lab.site.parameters.port)||\(lab.site.parameters.host)"
        let counters = try await lab.sidecar.counters("ssl.versions")
        let versions = counters.filter { $0.key.hasPrefix(prefix) && $0.value != "0" }
            .map { String($0.key[($0.key.range(of: "ssl.versions.")?.upperBound ?? $0.key.startIndex)...]) }
        let peers = Set(try lab.gateway?.peers() ?? []).filter { $0.version?.hasPrefix("TLS") == true }
        return Drawing(
            lab: lab, evidence: evidence, peers: peers.sorted { ($0.peer ?? "") < ($1.peer ?? "") },
            originated: versions.sorted())
    }

    var text: String {
        var lines: [String] = []
        let path = lab.configuration.path
        for (index, stop) in path.enumerated() {
            lines.append("  \(name(stop).padded(to: 16))  \(address(stop))")
            if index + 1 < path.count {
                lines += links(from: stop, to: path[index + 1]).map { "    \($0)" }
            }
        }
        if lab.configuration.isBlocked {
            lines += ["    ✗ no rule lets it out: \(Snapshot.blackHole), which leads nowhere", "  \(lab.target)"]
        }
        return lines.joined(separator: "\n")
    }

    private func name(_ stop: String) -> String {
        switch stop {
        case "database": "MongoDB"
        case "sni-proxy": "nginx"
        default: stop == lab.configuration.gateway ? "egress gateway" : stop
        }
    }

    private func line(_ proxy: String) -> AccessLogLine? {
        let lines = evidence.proofs.filter { $0.proof.proxy == proxy }.compactMap(\.line)
        return lines.last.flatMap { AccessLogLine($0) }
    }

    private func address(_ stop: String) -> String {
        switch stop {
        case "reviews": return "outside the pod"
        case "ratings":
            return "\(Topology.pod):\(SidecarInbound.port), taken in by the sidecar on \(SidecarInbound.listenerPort)"
        case "sidecar":
            let wanted = line(stop)?.downstreamLocal ?? "the database"
            return "takes on \(SidecarOutbound.port) what the service sends to \(wanted)"
        case "database":
            let last = lab.configuration.path.dropLast().last { $0 != "sni-proxy" } ?? "sidecar"
            let isBehindNginx = lab.configuration.hasSNIProxy
            return "\(lab.target) at " + (isBehindNginx ? lab.databaseAddress : line(last)?.upstreamHost ?? "-")
        case "sni-proxy": return line(lab.configuration.gateway ?? "")?.upstreamHost ?? "127.0.0.1"
        default:
            let first = evidence.proofs.first { $0.proof.proxy == stop }?.line.flatMap { AccessLogLine($0) }
            return first?.downstreamLocal ?? Topology.gateway
        }
    }

    private var service: String {
        guard lab.configuration.connection.tls else { return "plain MongoDB" }
        let name = line("sidecar")?.serverName ?? "-"
        return name == "-" ? "the service's TLS" : "the service's TLS, SNI \(name)"
    }

    private func links(from stop: String, to next: String) -> [String] {
        switch (stop, next) {
        case ("reviews", _): return ["│ plain HTTP"]
        case ("ratings", _): return ["│ \(service)"]
        case ("sidecar", lab.configuration.gateway) where lab.configuration.mutualTLS != nil:
            let ends = peers.flatMap { peer in
                [
                    "║ mutual TLS between the proxies, \(peer.version ?? "-"), SNI \(peer.serverName ?? "-"):",
                    "║   \(peer.peer ?? "-")", "║   → \(peer.local ?? "-")",
                ]
            }
            return (ends.isEmpty ? ["✗ no mutual TLS was seen"] : ends) + ["║ inside it: \(service)"]
        case ("sidecar", "database") where !lab.configuration.connection.tls:
            return originated.isEmpty
                ? ["✗ no TLS by the sidecar was seen"]
                : ["║ TLS by the sidecar, \(originated.joined(separator: ", ")): \(origination)"]
        case (_, "sni-proxy"): return ["│ within the pod: \(service)"]
        default: return ["│ \(service)"]
        }
    }

    /// By the rule that says so.
    private var origination: String {
        let rule = lab.manifests.destinationRules.map(\.spec).first { $0.host == lab.site.parameters.host }
        let tls = rule?.trafficPolicy?.settings(port: lab.site.parameters.port).tls
        let names = tls?.subjectAltNames ?? []
        return "SNI \(tls?.sni ?? "none"), the server has to be \(names.joined(separator: ", ")) "
            + "by the CA of \(tls?.credentialName ?? tls?.caCertificates ?? "nowhere")"
    }
}
