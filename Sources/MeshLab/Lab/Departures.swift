/// Something that the lab does differently from a cluster with Istio.
public struct Departure: Sendable {
    public var reason: String
    /// Where it shows in the configuration of a proxy, as `configuration/proxy/listeners/…`: `*` stands for one step, `**`
    /// for any number of them. Empty where it shows elsewhere.
    public var paths: [String]

    init(_ reason: String, at paths: String...) {
        self.reason = reason
        self.paths = paths
    }

    /// Whether a difference at this path is meant.
    func holds(for path: String) -> Bool { paths.contains { Self.isMatch(path, $0) } }

    static func isMatch(_ path: String, _ pattern: String) -> Bool {
        isMatch(path.split(separator: "/")[...], pattern.split(separator: "/")[...])
    }

    private static func isMatch(_ path: ArraySlice<Substring>, _ pattern: ArraySlice<Substring>) -> Bool {
        guard let first = pattern.first else { return path.isEmpty }
        if first == "**" {
            return (path.startIndex...path.endIndex).contains { isMatch(path[$0...], pattern.dropFirst()) }
        }
        guard let step = path.first, first == "*" || first == step else { return false }
        return isMatch(path.dropFirst(), pattern.dropFirst())
    }
}

/// All of them, in one place. `ConformanceTests` compares the lab with a recorded istiod, and allows what stands here only.
public enum Departures {
    public static let all = [
        Departure(
            """
            No istiod: the lab itself turns the rendered manifests into Envoy's configuration, in istiod's shape and names. \
            It refuses a manifest that says something it does not know, and an EnvoyFilter that matches nothing.
            """),
        Departure(
            """
            xDS comes from files that are moved into place: a running Envoy takes them over as from istiod's stream.
            """),
        Departure(
            "Secrets come from files, signed by a CA made with openssl, under the names by which istiod's SDS has them.",
            at: "**/sds_config/api_config_source", "**/sds_config/ads", "**/sds_config/path_config_source"),
        Departure(
            "Endpoints stand in their cluster instead of coming by EDS.",
            at: "*/*/clusters/*/type: EDS → STATIC", "*/*/clusters/*/eds_cluster_config"),
        Departure(
            """
            Proxies run without Istio's own filters (metadata exchange, telemetry), which Envoy from PyPI does not have, and \
            without what only these read.
            """,
            at: "**/filters/istio.stats", "**/filters/istio.metadata_exchange", "**/http_filters/istio.stats",
            "**/http_filters/istio.metadata_exchange", "**/metadata"),
        Departure(
            "No tracing.",
            at: "blocked/sidecar/listeners/virtualInbound/**/typed_config/tracing"),
        Departure(
            """
            A cluster is made where a ServiceEntry or a route names it; istiod makes one for every port of every Service that \
            the Sidecar resource lets in.
            """,
            at: "*/sidecar/clusters/outbound|7777|mongo|istio-egressgateway.istio-system.svc.cluster.local",
            "tcp-gateway/sidecar/clusters/outbound|443|mongo|istio-egressgateway.istio-system.svc.cluster.local",
            "gateway-api-tls-gateway-mtls/*/clusters/outbound|15021||mongo-egress-istio.default.svc.cluster.local",
            "gateway-api-tls-gateway-mtls/mongo-egress/clusters/outbound|443||mongo-egress-istio.default.svc.cluster.local",
            "tls-wildcard-sni-proxy/*/clusters/outbound|443||istio-egressgateway-with-sni-proxy.istio-system.svc.cluster.local",
            "tls-wildcard/egress-gateway/clusters/outbound|27017||*.example.com",
            "tls-wildcard-sni-proxy/egress-gateway-with-sni-proxy/clusters/outbound|27017||*.example.com"),
        Departure(
            "What an EnvoyFilter adds stays as it is written; istiod leaves out what is protobuf's default.",
            at:
                "*/*/listeners/sni_verifier/filter_chains/*/filters/envoy.filters.network.rbac/typed_config/rules/action: nothing → ALLOW"
        ),
        Departure(
            "The gateway writes the identities of both ends to a log of its own as well: Istio's default format lacks them.",
            at:
                "*/*/listeners/0.0.0.0_443/filter_chains/*/filters/envoy.filters.network.tcp_proxy/typed_config/access_log/order",
            "*/*/listeners/0.0.0.0_7777/filter_chains/*/filters/envoy.filters.network.tcp_proxy/typed_config/access_log/order"
        ),
        Departure(
            """
            A filter chain that is taken away ends its connections at once (--drain-time-s 0); Istio's proxies let \
            established connections go on for 45 s.
            """),
        Departure("No DNS capture and no agent in the pod; pods ask one dnsmasq, with a lifetime of 1 s."),
        Departure(
            "reviews has no sidecar: its request reaches ratings' inbound listener in plain HTTP, as PERMISSIVE allows.",
            at: "blocked/sidecar/listeners/virtualInbound/filter_chains/0.0.0.0_9080 tls"),
        Departure(
            """
            Files that the manifests mount (nginx's configuration) lie in the lab's own folder; nginx is Debian's, with the \
            stream module loaded.
            """),
        Departure("The replica set elects after 1 s instead of 10 s without a primary."),
    ]
}
