/// Pieces of Envoy's configuration, as istiod writes them.
/// Reference: <https://www.envoyproxy.io/docs/envoy/latest/api-v3/api>
enum EnvoyPart {
    /// Istio's default access log format, one line per connection or request
    /// (<https://istio.io/latest/docs/tasks/observability/logs/access-log/#default-access-log-format>).
    static let accessLogFormat =
        #"[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% "#
        + #"%RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS% "%UPSTREAM_TRANSPORT_FAILURE_REASON%" "#
        + #"%BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" "#
        + #""%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%" %UPSTREAM_CLUSTER_RAW% "#
        + "%UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS% %REQUESTED_SERVER_NAME% "
        + "%ROUTE_NAME%\n"

    /// Something with a type of its own.
    static func typed(_ name: String, _ type: String, _ members: JSON = [:]) -> JSON {
        ["name": .string(name), "typed_config": members.merging(["@type": "type.googleapis.com/\(type)"])]
    }

    static func filter(_ name: String, _ type: String, _ members: JSON = [:]) -> JSON {
        typed("envoy.filters.network.\(name)", type, members)
    }

    static func log(_ path: String = "/dev/stdout", format: String = accessLogFormat) -> JSON {
        typed(
            "envoy.access_loggers.file", "envoy.extensions.access_loggers.file.v3.FileAccessLog",
            ["path": .string(path), "log_format": ["text_format_source": ["inline_string": .string(format)]]])
    }

    /// A connection that no filter chain takes has no other log.
    static let unmatchedLog = log().merging(["filter": ["response_flag_filter": ["flags": ["NR"]]]])

    static func tcpProxy(_ cluster: String, logs: [JSON] = [log()]) -> JSON {
        filter(
            "tcp_proxy", "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",
            ["stat_prefix": .string(cluster), "cluster": .string(cluster), "access_log": .array(logs)])
    }

    static let tlsInspector = typed(
        "envoy.filters.listener.tls_inspector", "envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector")

    static func address(_ address: String, _ port: Int) -> JSON {
        ["socket_address": ["address": .string(address), "port_value": .int(port)]]
    }

    static func endpoints(_ cluster: String, _ addresses: [(String, Int)]) -> JSON {
        let endpoints: [JSON] = addresses.map { ["endpoint": ["address": address($0.0, $0.1)]] }
        return ["cluster_name": .string(cluster), "endpoints": [["lb_endpoints": .array(endpoints)]]]
    }

    static func staticCluster(_ name: String, _ addresses: [(String, Int)]) -> JSON {
        [
            "name": .string(name), "type": "STATIC", "connect_timeout": "10s",
            "load_assignment": endpoints(name, addresses),
        ]
    }

    /// What istiod calls STRICT_DNS. The lifetime that the DNS server gives is respected, as istiod says.
    static func dnsCluster(_ name: String, _ addresses: [(String, Int)]) -> JSON {
        [
            "name": .string(name), "connect_timeout": "10s", "load_assignment": endpoints(name, addresses),
            "cluster_type": typed(
                "envoy.clusters.dns", "envoy.extensions.clusters.dns.v3.DnsCluster",
                ["dns_refresh_rate": "60s", "respect_dns_ttl": true, "dns_lookup_family": "V4_ONLY"]),
        ]
    }

    static func originalDestinationCluster(_ name: String) -> JSON {
        [
            "name": .string(name), "type": "ORIGINAL_DST", "lb_policy": "CLUSTER_PROVIDED", "connect_timeout": "10s",
        ]
    }
}
