/// What the lab does differently from a cluster with Istio, in one place.
public enum Departures {
    public static let all = [
        """
        No istiod: the lab itself turns the rendered manifests into Envoy's configuration, in istiod's shape and names. It \
        refuses a manifest that says something it does not know, and an EnvoyFilter that matches nothing.
        """,
        """
        xDS comes from files that are moved into place (a running Envoy takes them over as from istiod's stream), and \
        certificates from files, signed by a CA made with openssl, instead of SDS.
        """,
        """
        A filter chain that is taken away ends its connections at once (--drain-time-s 0); Istio's proxies let \
        established connections go on for 45 s.
        """,
        "Endpoints of Services are static clusters instead of EDS; the egress gateway's Service is its one endpoint.",
        """
        Proxies run without Istio's own filters (metadata exchange, telemetry, HBONE): Envoy from PyPI does not have them. \
        AuthorizationPolicy becomes Envoy's RBAC filter on the certificate's name directly.
        """,
        "The administration interface is a Unix socket instead of 127.0.0.1:15000; the gateway logs both identities as well.",
        "No DNS capture and no agent in the pod; pods ask one dnsmasq, with a lifetime of 1 s.",
        "reviews has no sidecar: its request reaches ratings' inbound listener in plain HTTP, as PERMISSIVE allows.",
        """
        Files that the manifests mount (nginx's configuration, the CA of tls-origination) lie in the lab's own folder; \
        nginx is Debian's, with the stream module loaded.
        """,
        "The replica set elects after 1 s instead of 10 s without a primary.",
    ]
}
