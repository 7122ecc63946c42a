/// Clusters, as istiod writes them.
/// Reference: <https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/cluster/v3/cluster.proto>
enum EnvoyCluster {
    /// For connections that lead nowhere.
    static let blackHole: JSON = [
        "name": .string(Snapshot.blackHole), "alt_stat_name": .string("\(Snapshot.blackHole);"), "type": "STATIC",
        "connect_timeout": "10s",
    ]

    /// For connections that go wherever the client wanted.
    static let passthrough = common(
        Snapshot.passthrough,
        [
            "type": "ORIGINAL_DST", "lb_policy": "CLUSTER_PROVIDED",
            "typed_extension_protocol_options": [
                "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": [
                    "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                    "common_http_protocol_options": ["idle_timeout": "300s"],
                    "use_downstream_protocol_config": ["http_protocol_options": [:], "http2_protocol_options": [:]],
                ]
            ],
        ])

    private static func common(_ name: String, _ members: JSON) -> JSON {
        let most: JSON = 4_294_967_295
        let common: JSON = [
            "name": .string(name), "alt_stat_name": .string("\(name);"), "connect_timeout": "10s",
            "circuit_breakers": [
                "thresholds": [
                    [
                        "max_connections": most, "max_pending_requests": most, "max_requests": most,
                        "max_retries": most,
                    ]
                ]
            ],
        ]
        return common.merging(members)
    }

    /// No endpoint is used that is not healthy, however few are left.
    private static let noPanic: JSON = ["common_lb_config": ["healthy_panic_threshold": [:]]]

    private static func endpoints(_ cluster: String, _ addresses: [(String, Int)], arePods: Bool = false) -> JSON {
        var assignment: JSON = ["cluster_name": .string(cluster)]
        guard !addresses.isEmpty else { return assignment }
        let endpoints: [JSON] = addresses.map {
            var endpoint: JSON = [
                "endpoint": ["address": EnvoyPart.address($0.0, $0.1)], "load_balancing_weight": 1,
            ]
            // Ready, as Kubernetes says.
            if arePods { endpoint["health_status"] = "HEALTHY" }
            return endpoint
        }
        assignment["endpoints"] = [
            ["lb_endpoints": .array(endpoints), "load_balancing_weight": 1, "locality": [:]]
        ]
        return assignment
    }

    /// Endpoints that istiod knows: pods of a Service, or those of a ServiceEntry with resolution STATIC.
    static func known(_ name: String, _ addresses: [(String, Int)], arePods: Bool = false) -> JSON {
        common(name, noPanic).merging([
            "type": "STATIC", "lb_policy": "LEAST_REQUEST",
            "load_assignment": endpoints(name, addresses, arePods: arePods),
        ])
    }

    /// Resolution DNS. The lifetime that the DNS server gives is respected.
    static func dns(_ name: String, _ addresses: [(String, Int)], family: String) -> JSON {
        common(name, noPanic).merging([
            "type": "STRICT_DNS", "lb_policy": "LEAST_REQUEST", "load_assignment": endpoints(name, addresses),
            "dns_lookup_family": .string(family), "dns_refresh_rate": "60s", "dns_jitter": "0.100s",
            "respect_dns_ttl": true,
            "typed_dns_resolver_config": EnvoyPart.typed(
                "envoy.network.dns_resolver.cares",
                "envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig", ["udp_max_queries": 100]),
        ])
    }

    /// Resolution DYNAMIC_DNS: one cluster for a domain, whose members are looked up as connections come.
    static func dynamicDNS(_ name: String, domain: String, family: String) -> JSON {
        common(
            name,
            [
                "lb_policy": "CLUSTER_PROVIDED",
                "cluster_type": EnvoyPart.typed(
                    "envoy.clusters.dynamic_forward_proxy",
                    "envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig",
                    ["dns_cache_config": EnvoyPart.dnsCache(domain, family)]),
            ])
    }

    /// Resolution NONE: where the client wanted to go.
    static func originalDestination(_ name: String) -> JSON {
        common(name, noPanic).merging(["type": "ORIGINAL_DST", "lb_policy": "CLUSTER_PROVIDED"])
    }

    /// The service in the pod.
    static func inbound(_ name: String) -> JSON {
        // istio-iptables leaves this source alone, so that the connection is not redirected a second time.
        common(
            name,
            [
                "type": "ORIGINAL_DST", "lb_policy": "CLUSTER_PROVIDED", "common_lb_config": [:],
                "cleanup_interval": "9223372035s",
                "upstream_bind_config": ["source_address": ["address": "127.0.0.6", "port_value": 0]],
            ])
    }

    /// - Throws: ``LabError`` for a time that is not in whole seconds, which is all that a socket's options can say.
    static func keepalive(_ keepalive: DestinationRule.TCPKeepalive) throws -> JSON {
        func seconds(_ text: String) throws -> JSON {
            guard text.hasSuffix("s"), let seconds = Int(text.dropLast()) else {
                throw LabError("the lab does not know the time '\(text)'")
            }
            return .int(seconds)
        }
        return [
            "keepalive_probes": .int(keepalive.probes), "keepalive_time": try seconds(keepalive.time),
            "keepalive_interval": try seconds(keepalive.interval),
        ]
    }
}
