/// The inbound half of a sidecar's configuration: 15006, which leads every caller to the service in the pod.
struct SidecarInbound {
    /// The service's port.
    static let port = 9080
    /// Where istio-iptables sends what comes in.
    static let listenerPort = 15006

    func add(to snapshot: inout Snapshot) {
        let cluster = "inbound|\(Self.port)||"
        snapshot.add(cluster: EnvoyCluster.blackHole)
        snapshot.add(cluster: EnvoyCluster.inbound(cluster))
        let address = EnvoyPart.address("0.0.0.0", Self.listenerPort)
        let toItself: JSON = [
            "name": "virtualInbound-blackhole", "filter_chain_match": ["destination_port": .int(Self.listenerPort)],
            "filters": [EnvoyPart.silentTCPProxy(Snapshot.blackHole)],
        ]
        let toService: JSON = [
            "name": "0.0.0.0_\(Self.port)",
            "filter_chain_match": ["destination_port": .int(Self.port), "transport_protocol": "raw_buffer"],
            "filters": [connectionManager(cluster)],
        ]
        snapshot.listeners.append([
            "name": "virtualInbound", "address": address, "traffic_direction": "INBOUND",
            "max_connections_to_accept_per_socket_event": 1, "continue_on_listener_filters_timeout": true,
            "listener_filters_timeout": "0s",
            "listener_filters": [
                EnvoyPart.typed(
                    "envoy.filters.listener.original_dst",
                    "envoy.extensions.filters.listener.original_dst.v3.OriginalDst"),
                EnvoyPart.tlsInspector.merging(["filter_disabled": Self.range(Self.listenerPort)]),
                EnvoyPart.typed(
                    "envoy.filters.listener.http_inspector",
                    "envoy.extensions.filters.listener.http_inspector.v3.HttpInspector"
                ).merging([
                    "filter_disabled": [
                        "or_match": ["rules": [Self.range(Self.port), Self.range(Self.listenerPort)]]
                    ]
                ]),
            ],
            "filter_chains": [toItself, toService], "access_log": [EnvoyPart.unmatchedLog],
        ])
    }

    private static func range(_ port: Int) -> JSON {
        ["destination_port_range": ["start": .int(port), "end": .int(port + 1)]]
    }

    private func connectionManager(_ cluster: String) -> JSON {
        EnvoyPart.filter(
            "http_connection_manager",
            "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
            [
                "stat_prefix": "inbound_0.0.0.0_\(Self.port);", "server_name": "istio-envoy",
                "access_log": [EnvoyPart.log()], "use_remote_address": false, "normalize_path": true,
                "path_with_escaped_slashes_action": "KEEP_UNCHANGED", "proxy_100_continue": true,
                "stream_idle_timeout": "0s", "forward_client_cert_details": "APPEND_FORWARD",
                "set_current_client_cert_details": ["subject": true, "dns": true, "uri": true],
                "upgrade_configs": [["upgrade_type": "websocket"]],
                "request_id_extension": [
                    "typed_config": [
                        "@type": "type.googleapis.com/envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig",
                        "use_request_id_for_trace_sampling": true,
                    ]
                ],
                "http_filters": [
                    EnvoyPart.typed(
                        "envoy.filters.http.grpc_stats",
                        "envoy.extensions.filters.http.grpc_stats.v3.FilterConfig",
                        ["emit_filter_state": true, "stats_for_all_methods": false]),
                    EnvoyPart.typed(
                        "envoy.filters.http.fault", "envoy.extensions.filters.http.fault.v3.HTTPFault"),
                    EnvoyPart.typed("envoy.filters.http.cors", "envoy.extensions.filters.http.cors.v3.Cors"),
                    EnvoyPart.typed(
                        "envoy.filters.http.router", "envoy.extensions.filters.http.router.v3.Router"),
                ],
                "route_config": [
                    "name": .string(cluster), "validate_clusters": false,
                    "virtual_hosts": [
                        [
                            "name": "inbound|http|\(Self.port)", "domains": ["*"],
                            "routes": [
                                [
                                    "name": "default", "match": ["prefix": "/"],
                                    "decorator": ["operation": "ratings.default.svc.cluster.local:\(Self.port)/*"],
                                    "route": [
                                        "cluster": .string(cluster), "timeout": "0s",
                                        "max_stream_duration": [
                                            "max_stream_duration": "0s", "grpc_timeout_header_max": "0s",
                                        ],
                                        "retry_policy": ["num_retries": 2, "retry_on": "reset-before-request"],
                                    ],
                                ]
                            ],
                        ]
                    ],
                ],
            ])
    }
}
