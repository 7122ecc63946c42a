/// A configuration of `bookinfo/egress` and what it has to show, as `bookinfo/egress/expectations.json` says it.
///
/// Hosts, ports and the like are filled in from `parameters/database.yaml`; what the lab carries out comes from the
/// rendered manifests alone, so that the two check each other.
public struct Configuration: Sendable, Decodable {
    /// How the service is told to connect.
    public struct Connection: Sendable, Decodable {
        public enum Hosts: String, Sendable, Decodable { case host, members }
        public var hosts: Hosts
        /// Whether the service itself speaks TLS; otherwise its sidecar does.
        public var tls: Bool
    }

    /// Mutual TLS between two proxies, by their names in the file.
    public struct MutualTLS: Sendable, Decodable {
        public var client: String
        public var server: String
        public var sni: String
        /// The one client that an AuthorizationPolicy lets through.
        public var only: String?
    }

    /// A line that a proxy's log must hold.
    public struct Proof: Sendable, Decodable {
        public var proxy: String
        public var cluster: String?
        public var flags: String?
        public var sni: String?
        /// The port of the gateway that the connection came in by.
        public var listenerPort: Int?
        /// For logs that are not Envoy's.
        public var text: String?
        /// `member`: one line for each member of the replica set.
        public var each: String?
    }

    /// A line that must not be there.
    public struct Absence: Sendable, Decodable {
        public var proxy: String
        public var cluster: String
    }

    /// What becomes of a connection whose name inside the mutual TLS is another than the one outside.
    public enum ForgedSNI: String, Sendable, Decodable {
        /// The gateway compares the two.
        case refused = "is refused"
        /// The gateway reads the outer one only, the one that it logs.
        case followsOuter = "reaches the host of the outer SNI only"
    }

    public var name: String
    public var description: String
    /// The stops from the caller to the database.
    public var path: [String]
    public var connection: Connection
    public var status: Int
    public var error: String?
    public var ratings: [Int]?
    public var mutualTLS: MutualTLS?
    public var proofs: [Proof]
    public var absent: [Absence]
    public var forgedSNI: ForgedSNI?

    public var isBlocked: Bool { status != 200 }
    public var isReplicaSet: Bool { connection.hosts == .members }
    /// The name of the gateway on the way; nil where there is none.
    public var gateway: String? { path.first { $0.hasPrefix("egress-gateway") || $0 == "mongo-egress" } }
    public var hasSNIProxy: Bool { path.contains("sni-proxy") }

    /// The body that GET /ratings/0 must have.
    public var body: String {
        if let error { return #"{"error":"\#(error)"}"# }
        let stars = (ratings ?? []).enumerated().map { #""Reviewer\#($0 + 1)":\#($1)"# }
        return #"{"id":0,"ratings":{\#(stars.joined(separator: ","))}}"#
    }

    /// The way for a person to read, such as `reviews → ratings → sidecar → egress gateway → mongo.example.com:27017`.
    ///
    /// - Parameter target: the database's host and port.
    public func way(to target: String) -> String {
        let stops = path.map { stop in
            switch stop {
            case "database": target
            case "sni-proxy": "nginx"
            default: stop == gateway ? "egress gateway" : stop
            }
        }
        return (stops + (isBlocked ? ["✗"] : [])).joined(separator: " → ")
    }
}
