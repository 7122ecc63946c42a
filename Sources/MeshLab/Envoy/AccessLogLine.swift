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
        serverName = fields[20]
    }
}
