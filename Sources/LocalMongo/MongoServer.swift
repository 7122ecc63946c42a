/// A mongod as it is to run: the value that its command line is made of.
///
/// Options: <https://www.mongodb.com/docs/v6.0/reference/program/mongod/>.
public struct MongoServer: Sendable {
    /// Which connections mongod accepts (`--tlsMode`).
    public enum TLSMode: String, Sendable {
        case disabled
        case allowTLS
        case preferTLS
        case requireTLS
    }

    /// A member of a replica set.
    public struct ReplicaSet: Sendable {
        public var name: String
        /// The secret that the members share (`--keyFile`), mode 0600; needed where authentication is on.
        public var keyFile: String?

        public init(name: String, keyFile: String? = nil) {
            self.name = name
            self.keyFile = keyFile
        }
    }

    /// The mongod to run.
    public var binary: String
    /// Where its data lives; must exist. A directory that holds data already is served as it is.
    public var dataDirectory: String
    /// Addresses to listen on (`--bind_ip`).
    public var bindAddresses = ["127.0.0.1"]
    public var port: Int
    public var tlsMode = TLSMode.disabled
    /// Certificate and key in one file, and the CA that signed it; needed unless ``tlsMode`` is disabled.
    public var certificate: ServerCertificate?
    /// Whether users must authenticate (`--auth`).
    public var isAuthenticationRequired = true
    public var replicaSet: ReplicaSet?
    /// More parameters, such as `enableTestCommands=1`, which `failCommand` needs.
    public var parameters: [String: String] = [:]
    /// How many connections it takes (`--maxConns`); nil: its own limit.
    public var maximumConnections: Int?
    /// Megabytes of a file of the journal, which it takes at once, and which one write must fit into; nil: mongod's own, three
    /// files of 100.
    public var journalMegabytes: Int?
    /// mongod's log; what it holds is shown where mongod does not start.
    public var logFile: String

    /// A mongod that listens on loopback, without TLS, with authentication, and logs beside its data.
    public init(binary: String, dataDirectory: String, port: Int) {
        self.binary = binary
        self.dataDirectory = dataDirectory
        self.port = port
        logFile = dataDirectory + ".log"
    }

    private static let parametersOfMembers = [
        // How long a primary that is told to end waits for its clients to find another one; 15 s where nothing says so.
        "shutdownTimeoutMillisForSignaledShutdown": "100",
        // One thread applies what the primary did, also after a crash: several would change the natural order of documents.
        "replWriterThreadCount": "1",
    ]

    /// The command line after the program's name; it holds no secret. Small caches and no diagnostic data: it is made for
    /// short lives beside a build.
    public var arguments: [String] {
        var arguments = [
            "--dbpath", dataDirectory, "--logpath", logFile, "--logappend", "--quiet",
            "--bind_ip", bindAddresses.joined(separator: ","), "--port", String(port), "--nounixsocket",
            "--wiredTigerCacheSizeGB", "0.25", "--setParameter", "diagnosticDataCollectionEnabled=false",
        ]
        if bindAddresses.contains(where: { $0.contains(":") }) { arguments.append("--ipv6") }
        if tlsMode != .disabled, let certificate {
            arguments += ["--tlsMode", tlsMode.rawValue, "--tlsCertificateKeyFile", certificate.certificateKeyFile]
            arguments += ["--tlsCAFile", certificate.caFile, "--tlsAllowConnectionsWithoutCertificates"]
        }
        if let journalMegabytes {
            arguments += ["--wiredTigerEngineConfigString", "log=(prealloc=false,file_max=\(journalMegabytes)MB)"]
        }
        if let maximumConnections { arguments += ["--maxConns", String(maximumConnections)] }
        if isAuthenticationRequired { arguments.append("--auth") }
        if let replicaSet {
            arguments += ["--replSet", replicaSet.name]
            if let keyFile = replicaSet.keyFile { arguments += ["--keyFile", keyFile] }
        }
        let defaults = replicaSet == nil ? [:] : Self.parametersOfMembers
        for (name, value) in defaults.merging(parameters, uniquingKeysWith: { $1 }).sorted(by: { $0.key < $1.key }) {
            arguments += ["--setParameter", "\(name)=\(value)"]
        }
        return arguments
    }
}
