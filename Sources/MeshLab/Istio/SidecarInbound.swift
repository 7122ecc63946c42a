/// The inbound half of a sidecar's configuration: 15006, which leads every caller to the service in the pod.
struct SidecarInbound {
    /// The service's port.
    static let port = 9080

    func add(to snapshot: inout Snapshot) {
        let cluster = "inbound|\(Self.port)||"
        var inbound = EnvoyPart.originalDestinationCluster(cluster)
        // istio-iptables leaves this source alone, so that the connection is not redirected a second time.
        inbound["upstream_bind_config"] = ["source_address": ["address": "127.0.0.6", "port_value": 0]]
        snapshot.add(cluster: inbound)
        let manager = EnvoyPart.filter(
            "http_connection_manager",
            "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
            [
                "stat_prefix": "inbound_0.0.0.0_\(Self.port)", "server_name": "istio-envoy",
                "access_log": [EnvoyPart.log()],
                "http_filters": [
                    EnvoyPart.typed(
                        "envoy.filters.http.router", "envoy.extensions.filters.http.router.v3.Router")
                ],
                "route_config": [
                    "name": .string(cluster),
                    "virtual_hosts": [
                        [
                            "name": "inbound|http|\(Self.port)", "domains": ["*"],
                            "routes": [
                                [
                                    "name": "default", "match": ["prefix": "/"],
                                    "route": ["cluster": .string(cluster), "timeout": "0s"],
                                ]
                            ],
                        ]
                    ],
                ],
            ])
        snapshot.listeners.append([
            "name": "virtualInbound", "address": EnvoyPart.address("0.0.0.0", 15006),
            "use_original_dst": false, "traffic_direction": "INBOUND",
            "listener_filters": [
                EnvoyPart.typed(
                    "envoy.filters.listener.original_dst",
                    "envoy.extensions.filters.listener.original_dst.v3.OriginalDst")
            ],
            "filter_chains": [
                [
                    "name": .string("0.0.0.0_\(Self.port)"),
                    "filter_chain_match": ["destination_port": .int(Self.port)], "filters": [manager],
                ]
            ],
            "access_log": [EnvoyPart.unmatchedLog],
        ])
    }
}
