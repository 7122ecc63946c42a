import Foundation

/// A throw-away MongoDB as Istio's article "Consuming External MongoDB Services" sets one up: TLS, authentication, user
/// `bookinfo` who may read database `test`, and two ratings of one star each.
///
/// Its passwords are random and live in memory only.
public final class BookinfoDatabase: Sendable {
    /// How it differs from the article's.
    public struct Options: Sendable {
        /// nil: as ``MongodBinary`` finds it.
        public var binary: String?
        /// nil: a free one.
        public var port: Int?
        public var tlsMode = MongoServer.TLSMode.requireTLS
        /// Names and addresses in the certificate. Seeding connects to `localhost`, whatever stands here.
        public var dnsNames = ["localhost"]
        public var addresses = ["127.0.0.1", "::1"]
        /// More of mongod's parameters, such as `enableTestCommands=1`.
        public var parameters: [String: String] = [:]

        public init() {}
    }

    /// Holds the data, the certificates and the log.
    public let directory: PrivateDirectory
    public let authority: CertificateAuthority
    public let mongod: MongodProcess
    /// Runs commands as a user with role `root`.
    public let administrator: MongoAdministrator
    /// The password of user `bookinfo`.
    public let password: String

    public var port: Int { mongod.server.port }

    /// What the service gets as `MONGO_DB_URL`. A secret.
    public var url: String { url() }

    /// Starts a database and fills it.
    ///
    /// - Throws: ``LocalMongoError`` or `ProcessError` in one sentence, or `MongoError`.
    public static func start(_ options: Options = Options()) async throws -> BookinfoDatabase {
        // Another process can take a free port before mongod does.
        var attempts = options.port == nil ? 3 : 1
        while true {
            do {
                return try await attempt(options)
            } catch {
                attempts -= 1
                if attempts == 0 || Task.isCancelled { throw error }
            }
        }
    }

    private static func attempt(_ options: Options) async throws -> BookinfoDatabase {
        let binary = try options.binary ?? MongodBinary.locate()
        let directory = try PrivateDirectory(name: "bookinfo-mongod")
        let authority = try await CertificateAuthority.make(in: directory.makeDirectory("certificates"))
        var server = MongoServer(
            binary: binary, dataDirectory: try directory.makeDirectory("data"),
            port: try options.port ?? FreePort.find())
        server.logFile = directory.appending("mongod.log")
        server.tlsMode = options.tlsMode
        server.certificate = try await authority.certificate(
            dnsNames: options.dnsNames, addresses: options.addresses)
        server.parameters = options.parameters
        if options.port != nil, FreePort.isAnswering(server.port) {
            throw LocalMongoError("port \(server.port) is taken: something answers on it already")
        }
        let mongod = try await MongodProcess.start(server)
        do {
            let seeding = Seeding(server: server, caFile: authority.certificateFile)
            let password = Secret.random()
            let administrator = try await seeding.makeAdministrator()
            try await seeding.fill(as: administrator, password: password)
            return BookinfoDatabase(
                directory: directory, authority: authority, mongod: mongod, administrator: administrator,
                password: password)
        } catch {
            try? await mongod.stop(.kill)
            throw error
        }
    }

    private init(
        directory: PrivateDirectory, authority: CertificateAuthority, mongod: MongodProcess,
        administrator: MongoAdministrator, password: String
    ) {
        self.directory = directory
        self.authority = authority
        self.mongod = mongod
        self.administrator = administrator
        self.password = password
    }

    /// A connection string for user `bookinfo`, as the article's but for the place of the CA's certificate.
    ///
    /// - Parameters:
    ///   - host: the name to connect to.
    ///   - port: nil: mongod's own.
    ///   - password: nil: the right one.
    ///   - caFile: nil: the right one.
    ///   - options: more options, such as `serverSelectionTimeoutMS=500`.
    public func url(
        host: String = "localhost", port: Int? = nil, password: String? = nil, caFile: String? = nil,
        options: [String] = []
    ) -> String {
        var options = options
        if mongod.server.tlsMode != .disabled {
            options = ["ssl=true", "tlsCAFile=\(caFile ?? authority.certificateFile)"] + options
        }
        return "mongodb://bookinfo:\(password ?? self.password)@\(host):\(port ?? self.port)/test?"
            + (["authSource=test"] + options).joined(separator: "&")
    }

    /// Runs a command on `database` as a user with role `root`; command and reply are Extended JSON.
    @discardableResult
    public func runCommand(_ command: String, on database: String = "test") async throws -> String {
        try await administrator.runCommand(command, on: database)
    }

    /// Replaces what the collection `ratings` holds.
    ///
    /// - Parameter documents: each in Extended JSON.
    public func setRatings(_ documents: [String]) async throws {
        try await runCommand(#"{"delete": "ratings", "deletes": [{"q": {}, "limit": 0}]}"#)
        guard !documents.isEmpty else { return }
        try await runCommand(#"{"insert": "ratings", "documents": [\#(documents.joined(separator: ","))]}"#)
    }

    /// The same with documents in BSON, which are stored as they are: Extended JSON has no invalid UTF-8, for one.
    public func setRatings(bson documents: [[UInt8]]) async throws {
        try await setRatings([])
        guard !documents.isEmpty else { return }
        try await administrator.insert(bson: documents, into: "ratings", of: "test")
    }

    /// Starts mongod again on the same port and data, after it has been stopped or killed.
    public func restart() async throws {
        try await mongod.restart()
        try await administrator.reconnect()
    }

    /// Ends mongod at once, and removes its data.
    public func stop() async throws {
        await administrator.disconnect()
        try await mongod.stop(.kill)
        directory.remove()
    }
}
