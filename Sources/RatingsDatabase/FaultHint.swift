/// The likely cause behind the driver's words, and what to do about it. It says which layer failed: name resolution, the
/// connection, TLS, authentication, authorisation or the read.
public enum FaultHint: CaseIterable, Sendable {
    case nameResolution
    case certificateExpired
    case certificateForAnotherName
    case certificateNotTrusted
    case closedDuringHandshake
    case noTCPConnection
    case authentication
    case authorization
    case timeout

    /// - Parameter reason: the driver's or the server's words; `nil` where they tell nothing known.
    public init?(reason: String) {
        let reason = reason.lowercased()
        guard let hint = Self.allCases.first(where: { $0.signs.contains(where: reason.contains) }) else { return nil }
        self = hint
    }

    /// Texts of the driver, OpenSSL and the server, in lower case. The first case that matches counts, so what is
    /// specific stands before what is general.
    private var signs: [String] {
        switch self {
        case .nameResolution: ["failed to resolve", "failed to look up", "getaddrinfo", "name resolution"]
        case .certificateExpired: ["certificate has expired", "certificate is not yet valid"]
        case .certificateForAnotherName: ["hostname mismatch", "ip address mismatch", "hostname doesn't match"]
        case .certificateNotTrusted: ["certificate verify failed", "self-signed certificate", "unable to get"]
        case .closedDuringHandshake:
            ["tls handshake failed", "connection reset", "connection closed", "failed to send", "failed to read"]
        case .noTCPConnection: ["connection refused", "failed to connect to target host", "connection timeout"]
        case .authentication: ["authentication failed", "scram", "sasl"]
        case .authorization: ["not authorized", "requires authentication"]
        case .timeout: ["timeout", "timed out", "no answer within", "expired"]
        }
    }

    /// One sentence for the person who reads the log.
    public var advice: String {
        switch self {
        case .nameResolution: "the host name does not resolve: check MONGO_DB_URL and the pod's DNS"
        case .certificateExpired: "the server's certificate is out of date: renew it, or check this host's clock"
        case .certificateForAnotherName:
            "the server's certificate is for another name: use a name that it carries in MONGO_DB_URL"
        case .certificateNotTrusted:
            "the server's certificate is not trusted: name its CA with tlsCAFile in MONGO_DB_URL"
        case .closedDuringHandshake:
            "the connection was closed before the handshake was over: perhaps a mesh blocks egress to this host and port "
                + "(a ServiceEntry is missing), or one side speaks TLS and the other does not"
        case .noTCPConnection:
            "nothing accepts connections at this host and port, or the way there is closed: check that mongod runs, the "
                + "address, firewalls, and in a mesh that the pod's sidecar is ready"
        case .authentication: "the server refused the credentials: check user, password and authSource in MONGO_DB_URL"
        case .authorization: "the user may not read test.ratings: give it the role read on the database test"
        case .timeout:
            "no answer in time: check the route to this host and port (firewall, egress gateway, address that moved), "
                + "and whether mongod is overloaded or frozen"
        }
    }
}
