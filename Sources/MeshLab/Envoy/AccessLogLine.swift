/// A line of a proxy's access log in Istio's default format.
public struct AccessLogLine: Sendable, Hashable, CustomStringConvertible {
    /// The line as it was written.
    public var description: String
    /// Envoy's response flags, such as `UH` (no healthy upstream) or `-`.
    public var flags: String
    /// Where a connection was closed by a rule: `rbac_access_denied_matched_policy[…]`.
    public var termination: String
    public var bytesSent: Int
    public var upstreamHost: String
    public var cluster: String
    /// The address that the client connected to, with the port: at a gateway, its own.
    public var downstreamLocal: String
    public var serverName: String
    /// The client's address at this proxy.
    public var downstreamRemote: String
    /// All of them, in the order of ``fieldNames``.
    public var fields: [String]

    /// Istio's default format, with what each field means.
    public static let fieldNames: [(name: String, meaning: String)] = [
        ("START_TIME", "when the connection or the request began"),
        ("METHOD PATH PROTOCOL", "of a request; a TCP connection has none"),
        ("RESPONSE_CODE", "of a request; 0 for TCP"),
        ("RESPONSE_FLAGS", "what went wrong, in Envoy's letters"),
        ("RESPONSE_CODE_DETAILS", "more on a request's status"),
        ("CONNECTION_TERMINATION_DETAILS", "why the proxy itself closed the connection, such as a rule of RBAC"),
        ("UPSTREAM_TRANSPORT_FAILURE_REASON", "what TLS towards the next hop failed by"),
        ("BYTES_RECEIVED", "from the client"),
        ("BYTES_SENT", "to the client"),
        ("DURATION", "milliseconds from the beginning to the end"),
        ("X-ENVOY-UPSTREAM-SERVICE-TIME", "milliseconds of the service, for a request"),
        ("X-FORWARDED-FOR", "of a request"),
        ("USER-AGENT", "of a request"),
        ("X-REQUEST-ID", "of a request"),
        ("AUTHORITY", "the host that a request asks for"),
        ("UPSTREAM_HOST", "the next hop"),
        ("UPSTREAM_CLUSTER", "the rule that chose the next hop: direction|port|subset|host"),
        ("UPSTREAM_LOCAL_ADDRESS", "the proxy's own end towards the next hop"),
        ("DOWNSTREAM_LOCAL_ADDRESS", "where the client wanted to go"),
        ("DOWNSTREAM_REMOTE_ADDRESS", "the client"),
        ("REQUESTED_SERVER_NAME", "the SNI that the client sent in its TLS"),
        ("ROUTE_NAME", "of a request"),
    ]

    /// What Envoy's letters mean
    /// (<https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#response-flags>).
    public static let flagMeanings = [
        "-": "nothing amiss", "UH": "the cluster has no healthy endpoint", "UF": "no connection to the next hop",
        "NR": "no filter chain takes such a connection", "NC": "there is no such cluster",
        "UC": "the next hop ended the connection", "DC": "the client ended the connection",
        "URX": "no more attempts at a connection", "UT": "the next hop took too long",
        "UO": "more connections than the cluster may have", "LR": "reset by the proxy", "UR": "reset by the next hop",
    ]

    /// - Returns: nil where the line is not in that format.
    public init?(_ line: String) {
        // Quoted fields hold spaces; the time stands in brackets. What follows a name is a list in brackets, if anything.
        var fields: [String] = []
        var field = ""
        var isQuoted = false
        for character in line {
            switch character {
            case "\"": isQuoted.toggle()
            case " " where !isQuoted:
                fields.append(field)
                field = ""
            default: field.append(character)
            }
        }
        fields.append(field)
        // Time, request, code, flags, details, termination, failure, received, sent, duration, upstream time, forwarded,
        // agent, request id, authority, upstream host, cluster, upstream local, local, remote, server name, route.
        guard fields.count == 22, fields[0].hasPrefix("["), let sent = Int(fields[8]) else { return nil }
        description = line
        flags = fields[3]
        termination = fields[5]
        bytesSent = sent
        upstreamHost = fields[15]
        cluster = fields[16]
        downstreamLocal = fields[18]
        downstreamRemote = fields[19]
        serverName = fields[20]
        self.fields = fields
    }
}
