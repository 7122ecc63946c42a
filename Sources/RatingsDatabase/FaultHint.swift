import RatingsService

/// The likely cause behind the driver's words, and what to do about it. It says which layer failed: name resolution, the
/// connection, TLS, authentication, authorisation or the read.
public enum FaultHint: CaseIterable, Sendable {
    case nameResolution
    case certificateExpired
    case certificateForAnotherName
    case certificateNotTrusted
    case authentication
    case authorization
    case silence
    case brokenRead
    case closedDuringHandshake
    case noTCPConnection
    case noSuitableServer

    /// - Parameters:
    ///   - reason: the driver's or the server's words; `nil` where they tell nothing known.
    ///   - step: where the read failed. The same words tell of a handshake or of a connection in use.
    public init?(reason: String, step: RatingsUnavailable.Step) {
        let reason = reason.lowercased()
        if step == .load, Self.closedDuringHandshake.signs.contains(where: reason.holds) {
            self = .brokenRead
            return
        }
        guard let hint = Self.allCases.first(where: { $0.signs.contains(where: reason.holds) }) else { return nil }
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
        case .brokenRead: []
        case .noTCPConnection: ["connection refused", "failed to connect to target host"]
        case .authentication: ["authentication failed", "scram", "sasl"]
        case .authorization: ["not authorized", "requires authentication"]
        case .silence: ["no answer for", "no answer within", "timed out"]
        case .noSuitableServer: ["no suitable servers"]
        }
    }

    /// Whether a heartbeat may know better.
    var isVague: Bool { self == .noSuitableServer || self == .silence }

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
        case .brokenRead:
            "the connection broke or fell silent while it was in use: was mongod restarted or frozen, or a proxy between?"
        case .noSuitableServer:
            "servers answer, but none suits: check replicaSet and readPreference in MONGO_DB_URL, and whether the set has a "
                + "primary"
        case .silence:
            "no answer in time: check the route to this host and port (firewall, egress gateway, address that moved), "
                + "and whether mongod is overloaded or frozen"
        }
    }
}

extension String {
    /// Whether `text` stands somewhere in it. Without the library of regular expressions, which is a sixth of a static binary.
    fileprivate func holds(_ text: String) -> Bool {
        utf8.indices.contains { self.utf8[$0...].starts(with: text.utf8) }
    }
}
