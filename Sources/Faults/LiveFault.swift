/// A fault that comes over a database while clients use it, and goes again.
public enum LiveFault: Hashable, Sendable {
    /// One of those that keep the database from being read.
    case of(DatabaseFault)
    /// What the database says comes later.
    case slow
    /// The server stands still: connections stay open and new ones come about, and nobody answers.
    case frozen
    /// The server ends and starts again, on the same port and data.
    case restart
    /// The primary of a replica set is killed, and another member takes its place.
    case failOver

    /// All that there are, in the order of the layers.
    public static let all =
        DatabaseFault.allCases.filter(\.isLive).map(LiveFault.of) + [.slow, .frozen, .restart, .failOver]

    /// The one of this name.
    public init?(_ name: String) {
        guard let fault = Self.all.first(where: { $0.name == name }) else { return nil }
        self = fault
    }

    public var name: String {
        switch self {
        case .of(let fault): fault.rawValue
        case .slow: "slow"
        case .frozen: "frozen"
        case .restart: "restart"
        case .failOver: "failOver"
        }
    }

    /// Whether connections that are open when it begins are ended.
    public var cutsConnections: Bool {
        switch self {
        // The black hole, and what a server does with commands over connections that are good.
        case .of(.silent), .of(.noRole), .of(.cutDuringRead), .of(.silentDuringRead), .of(.readError): false
        case .slow, .frozen: false
        case .of, .restart, .failOver: true
        }
    }

    /// Whether it is over once it has been made, and the database can be read again.
    public var isMomentary: Bool { self == .restart || self == .failOver }

    /// What it is, in a few words.
    public var meaning: String {
        switch self {
        case .slow: "what the database says comes later, by --latency"
        case .frozen: "the server stands still (SIGSTOP): connections come about, and nobody answers"
        case .restart: "the server ends and starts again"
        case .failOver: "the primary is killed, and another member takes its place (--replica-set)"
        case .of(let fault): fault.meaning
        }
    }
}

extension DatabaseFault {
    /// Whether it can come over a database in use: nothing of it is in the connection string.
    var isLive: Bool { !meaning.isEmpty }

    /// What it is, in a few words; empty where it is none for a database in use.
    fileprivate var meaning: String {
        switch self {
        case .refused: "nothing listens"
        case .silent: "a black hole: bytes go nowhere, in both directions"
        case .reset: "connections are reset as soon as they are there"
        case .closesAtOnce: "connections are closed as soon as they are there"
        case .closesAfterClientHello: "connections are closed in the TLS handshake"
        case .resetsAfterClientHello: "connections are reset in the TLS handshake"
        case .answersHTTPToTLS: "an HTTP server answers"
        case .tlsToAPlainServer: "a MongoDB without TLS answers"
        case .silentAfterTLSHandshake: "nobody answers after the TLS handshake"
        case .certificateExpired: "the server's certificate has expired"
        case .certificateNotYetValid: "the server's certificate is not valid yet"
        case .certificateForAnotherName: "the server's certificate is for another name"
        case .certificateFromUnknownCA: "the server's certificate is signed by a CA that nobody trusts"
        case .clientCertificateMissing: "the server wants a certificate of the client"
        case .selfSigned: "the server's certificate is signed by itself"
        case .intermediateMissing: "the server does not send the intermediate CA's certificate"
        case .wrongPassword: "the user's password is another"
        case .noRole: "the user has no role"
        case .cutDuringRead: "the server closes the connection in the place of an answer to find"
        case .silentDuringRead: "the server answers find after 4 s"
        case .readError: "the server answers find with an error"
        default: ""
        }
    }
}
