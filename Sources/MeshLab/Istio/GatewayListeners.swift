/// An egress gateway's configuration: a listener per port of the Gateways that select it, and their clusters.
struct GatewayListeners {
    var registry: Registry
    /// Where the identities of both sides are logged; Istio's default format leaves them out.
    var peerLog: String

    func add(to snapshot: inout Snapshot) throws {
        snapshot.add(cluster: EnvoyCluster.blackHole)
        var chains: [Int: [JSON]] = [:]
        for gateway in registry.manifests.gateways where registry.workload.isSelected(by: gateway.spec.selector) {
            for server in gateway.spec.servers {
                chains[server.port.number, default: []] += try chainsOf(server, gateway.metadata.name, &snapshot)
            }
        }
        for (port, chains) in chains.sorted(by: { $0.key < $1.key }) {
            guard !chains.isEmpty else {
                throw LabError(
                    "no VirtualService leads on from port \(port) of a Gateway: istiod would leave its listener out")
            }
            var listener: JSON = [
                "max_connections_to_accept_per_socket_event": 1, "name": "0.0.0.0_\(port)",
                "address": EnvoyPart.address("0.0.0.0", port),
                "traffic_direction": "OUTBOUND", "filter_chains": .array(chains),
                "access_log": [EnvoyPart.unmatchedLog],
            ]
            if chains.contains(where: { $0["filter_chain_match"] != nil }) {
                listener["listener_filters"] = [EnvoyPart.tlsInspector]
            }
            snapshot.listeners.append(listener)
        }
    }

    private func chainsOf(_ server: Gateway.Server, _ gateway: String, _ snapshot: inout Snapshot) throws -> [JSON] {
        let services = registry.virtualServices.map(\.spec).filter { service in
            service.hosts.contains { server.hosts.contains($0) }
        }
        let port = server.port.number
        let tls = services.flatMap { $0.routes($0.tls, at: gateway, port: port) }
        let tcp = services.flatMap { $0.routes($0.tcp, at: gateway, port: port) }
        switch (server.port.protocol, server.tls?.mode) {
        case ("TLS", "PASSTHROUGH"):
            return try tls.map { names, destination in
                EnvoyPart.chain(match: names, try filters(to: destination, &snapshot))
            }
        case ("TLS", "ISTIO_MUTUAL"):
            return try tcp.map { _, destination in
                EnvoyPart.chain(match: server.hosts, try filters(to: destination, &snapshot))
                    .merging(["transport_socket": try registry.tls.downstream()])
            }
        case ("TCP", nil):
            return try tcp.map { EnvoyPart.chain(try filters(to: $0.destination, &snapshot)) }
        case (let name, let mode):
            throw LabError(
                "the lab does not know a gateway's protocol \(name ?? "(none)") with TLS \(mode ?? "(none)")")
        }
    }

    private func filters(to destination: Destination, _ snapshot: inout Snapshot) throws -> [JSON] {
        try snapshot.add(cluster: registry.cluster(destination))
        let policies = try registry.manifests.authorizationPolicies
            .filter { $0.metadata.namespace == registry.workload.namespace }
            .filter { $0.spec.selects(registry.workload) }
            .map { try $0.spec.filter(named: "\($0.metadata.namespace)]-policy[\($0.metadata.name)") }
        return policies + [
            EnvoyPart.tcpProxy(
                destination.cluster, logs: [EnvoyPart.log(), EnvoyPart.log(peerLog, format: PeerLog.format)])
        ]
    }
}
