/// The outbound half of a sidecar's configuration: 15001, a listener per service port, their clusters.
struct SidecarOutbound {
    var registry: Registry

    /// Where a connection goes that no rule takes.
    private var elsewhere: String {
        let scope = registry.manifests.sidecarScopes.first { $0.metadata.namespace == registry.workload.namespace }
        return scope?.spec.outboundTrafficPolicy.mode == "REGISTRY_ONLY" ? Snapshot.blackHole : Snapshot.passthrough
    }

    func add(to snapshot: inout Snapshot) throws {
        snapshot.add(cluster: EnvoyPart.staticCluster(Snapshot.blackHole, []))
        snapshot.add(cluster: EnvoyPart.originalDestinationCluster(Snapshot.passthrough))
        snapshot.listeners.append([
            "name": "virtualOutbound", "address": EnvoyPart.address("0.0.0.0", 15001),
            "use_original_dst": true, "traffic_direction": "OUTBOUND",
            "filter_chains": [
                [
                    "name": "virtualOutbound-blackhole", "filter_chain_match": ["destination_port": 15001],
                    "filters": [EnvoyPart.tcpProxy(Snapshot.blackHole)],
                ],
                ["name": "virtualOutbound-catchall-tcp", "filters": [EnvoyPart.tcpProxy(elsewhere)]],
            ],
        ])
        for (bind, chains) in try portListeners(&snapshot).sorted(by: { $0.key < $1.key }) {
            snapshot.listeners.append(listener(bind, chains))
        }
    }

    private struct Bind: Hashable, Comparable {
        var address: String
        var port: Int

        static func < (left: Bind, right: Bind) -> Bool { (left.address, left.port) < (right.address, right.port) }
    }

    private func portListeners(_ snapshot: inout Snapshot) throws -> [Bind: [JSON]] {
        var listeners: [Bind: [JSON]] = [:]
        for entry in registry.serviceEntries {
            for port in entry.ports {
                let addresses = (entry.addresses ?? []).map { $0.split(separator: "/").first.map(String.init) ?? $0 }
                for host in entry.hosts {
                    for address in addresses.isEmpty ? ["0.0.0.0"] : addresses {
                        listeners[Bind(address: address, port: port.number), default: []] +=
                            try chains(host, port, &snapshot)
                    }
                }
            }
        }
        return listeners
    }

    private func chains(_ host: String, _ port: Port, _ snapshot: inout Snapshot) throws -> [JSON] {
        let direct = Destination(host: host, port: port)
        try snapshot.add(cluster: registry.cluster(direct))
        let services = registry.virtualServices.map(\.spec).filter { $0.hosts.contains(host) }
        switch port.protocol {
        case "TLS":
            let routes = services.flatMap { $0.routes($0.tls, at: "mesh", port: port.number) }
            return try (routes.isEmpty ? [([host], direct)] : routes).map { names, destination in
                try snapshot.add(cluster: registry.cluster(destination))
                return [
                    "filter_chain_match": ["server_names": .strings(names)],
                    "filters": [EnvoyPart.tcpProxy(destination.cluster)],
                ]
            }
        case "TCP":
            let routes = services.flatMap { $0.routes($0.tcp, at: "mesh", port: port.number) }
            let destination = routes.first?.destination ?? direct
            try snapshot.add(cluster: registry.cluster(destination))
            return [["filters": [EnvoyPart.tcpProxy(destination.cluster)]]]
        case let name:
            throw LabError("the lab does not know the protocol \(name ?? "(none)") of \(host)")
        }
    }

    private func listener(_ bind: Bind, _ chains: [JSON]) -> JSON {
        var listener: JSON = [
            "name": "\(bind.address)_\(bind.port)", "address": EnvoyPart.address(bind.address, bind.port),
            "bind_to_port": false, "traffic_direction": "OUTBOUND", "filter_chains": .array(chains),
            "access_log": [EnvoyPart.unmatchedLog],
        ]
        // Told apart by SNI: what sends another name, or none, falls through.
        if chains.contains(where: { $0["filter_chain_match"] != nil }) {
            listener["listener_filters"] = [EnvoyPart.tlsInspector]
            listener["default_filter_chain"] = [
                "name": "PassthroughFilterChain", "filters": [EnvoyPart.tcpProxy(elsewhere)],
            ]
        }
        return listener
    }
}
