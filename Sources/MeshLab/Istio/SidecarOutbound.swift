/// The outbound half of a sidecar's configuration: 15001, a listener per service port, their clusters.
struct SidecarOutbound {
    /// Where istio-iptables sends what goes out.
    static let port = 15001

    var registry: Registry

    /// Where a connection goes that no rule takes.
    private var elsewhere: String {
        let scope = registry.manifests.sidecarScopes.first { $0.metadata.namespace == registry.workload.namespace }
        return scope?.spec.outboundTrafficPolicy.mode == "REGISTRY_ONLY" ? Snapshot.blackHole : Snapshot.passthrough
    }

    func add(to snapshot: inout Snapshot) throws {
        snapshot.add(cluster: EnvoyCluster.blackHole)
        snapshot.add(cluster: EnvoyCluster.passthrough)
        var outbound: JSON = [
            "name": "virtualOutbound", "address": EnvoyPart.address("0.0.0.0", Self.port),
            "use_original_dst": true, "traffic_direction": "OUTBOUND",
            "max_connections_to_accept_per_socket_event": 1, "access_log": [EnvoyPart.unmatchedLog],
            "filter_chains": [
                [
                    "name": "virtualOutbound-blackhole", "filter_chain_match": ["destination_port": .int(Self.port)],
                    "filters": [EnvoyPart.silentTCPProxy(Snapshot.blackHole)],
                ],
                ["name": "virtualOutbound-catchall-tcp", "filters": [EnvoyPart.tcpProxy(elsewhere)]],
            ],
        ]
        if registry.isDualStack { outbound["additional_addresses"] = Self.everyIPv6(Self.port) }
        snapshot.listeners.append(outbound)
        for (bind, chains) in try portListeners(&snapshot).sorted(by: { $0.key < $1.key }) {
            snapshot.listeners.append(listener(bind, chains))
        }
    }

    private static func everyIPv6(_ port: Int) -> JSON { [["address": EnvoyPart.address("::", port)]] }

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
                            try chains(entry, host, port, &snapshot)
                    }
                }
            }
        }
        return listeners
    }

    private func chains(_ entry: ServiceEntry, _ host: String, _ port: Port, _ snapshot: inout Snapshot) throws
        -> [JSON]
    {
        let direct = Destination(host: host, port: port)
        try snapshot.add(cluster: registry.cluster(direct))
        let services = registry.virtualServices.map(\.spec).filter { $0.hosts.contains(host) }
        switch port.protocol {
        case "TLS":
            let routes = services.flatMap { $0.routes($0.tls, at: "mesh", port: port.number) }
            if routes.isEmpty, entry.resolution == "DYNAMIC_DNS" {
                return [
                    EnvoyPart.chain(
                        match: [host],
                        [
                            EnvoyPart.sniDynamicForwardProxy(domain: host, port: port.number, family: registry.family),
                            EnvoyPart.tcpProxy(direct.cluster),
                        ])
                ]
            }
            return try (routes.isEmpty ? [([host], direct)] : routes).map { names, destination in
                try snapshot.add(cluster: registry.cluster(destination))
                return EnvoyPart.chain(match: names, [EnvoyPart.tcpProxy(destination.cluster)])
            }
        case "TCP":
            let routes = services.flatMap { $0.routes($0.tcp, at: "mesh", port: port.number) }
            let destination = routes.first?.destination ?? direct
            try snapshot.add(cluster: registry.cluster(destination))
            return [EnvoyPart.chain([EnvoyPart.tcpProxy(destination.cluster)])]
        case let name:
            throw LabError("the lab does not know the protocol \(name ?? "(none)") of \(host)")
        }
    }

    private func listener(_ bind: Bind, _ chains: [JSON]) -> JSON {
        var listener: JSON = [
            "name": "\(bind.address)_\(bind.port)", "address": EnvoyPart.address(bind.address, bind.port),
            "bind_to_port": false, "traffic_direction": "OUTBOUND", "filter_chains": .array(chains),
            "continue_on_listener_filters_timeout": true, "listener_filters_timeout": "0s",
        ]
        if registry.isDualStack, bind.address == "0.0.0.0" {
            listener["additional_addresses"] = Self.everyIPv6(bind.port)
        }
        // Told apart by SNI: what sends another name, or none, falls through.
        if chains.contains(where: { $0["filter_chain_match"] != nil }) {
            listener["listener_filters"] = [EnvoyPart.tlsInspector]
            listener["default_filter_chain"] = [
                "name": "PassthroughFilterChain", "filter_chain_match": [:], "filters": [EnvoyPart.tcpProxy(elsewhere)],
            ]
        }
        return listener
    }
}
