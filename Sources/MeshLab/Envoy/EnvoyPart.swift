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

    /// What ends in nowhere by design, and is not worth a line.
    static func silentTCPProxy(_ cluster: String) -> JSON {
        filter(
            "tcp_proxy", "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",
            ["stat_prefix": .string(cluster), "cluster": .string(cluster)])
    }

    static func tcpProxy(_ cluster: String, logs: [JSON] = [log()]) -> JSON {
        filter(
            "tcp_proxy", "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",
            ["stat_prefix": .string(cluster), "cluster": .string(cluster), "access_log": .array(logs)])
    }

    static let tlsInspector = typed(
        "envoy.filters.listener.tls_inspector", "envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector",
        ["initial_read_buffer_size": 512])

    /// A client that opens a connection and says nothing is let go.
    static func chain(match serverNames: [String]? = nil, _ filters: [JSON]) -> JSON {
        var chain: JSON = ["filters": .array(filters), "transport_socket_connect_timeout": "15s"]
        if let serverNames { chain["filter_chain_match"] = ["server_names": .strings(serverNames)] }
        return chain
    }

    static func address(_ address: String, _ port: Int) -> JSON {
        ["socket_address": ["address": .string(address), "port_value": .int(port)]]
    }

    /// Goes where the SNI says.
    static func sniDynamicForwardProxy(domain: String, port: Int, family: String) -> JSON {
        typed(
            "envoy.extensions.filters.network.sni_dynamic_forward_proxy",
            "envoy.extensions.filters.network.sni_dynamic_forward_proxy.v3.FilterConfig",
            ["dns_cache_config": dnsCache(domain, family), "port_value": .int(port)])
    }

    static func dnsCache(_ domain: String, _ family: String) -> JSON {
        ["name": "\(domain)_dfp_dns_cache", "dns_lookup_family": .string(family)]
    }
}
