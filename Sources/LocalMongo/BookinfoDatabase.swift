import Foundation
import Threads

/// A throw-away MongoDB as Istio's article "Consuming External MongoDB Services" sets one up: TLS, authentication, user
/// `bookinfo` who may read database `test`, and two ratings of one star each.
///
/// Its passwords are random and live in memory only.
public final class BookinfoDatabase: Sendable {
    /// How it differs from the article's.
    public struct Options: Sendable {
        /// nil: as ``MongodBinary`` finds it.
        public var binary: String?
        /// nil: free ones, held for as long as the database lives.
        public var port: Int?
        /// nil: a standalone server.
        public var replicaSet: ReplicaSet?
        /// What the collection `ratings` holds, each in Extended JSON.
        public var documents = [#"{"rating": 1}"#, #"{"rating": 1}"#]
        /// nil: in ``BookinfoDatabase/directory``.
        public var logDirectory: String?
        public var tlsMode = MongoServer.TLSMode.requireTLS
        /// Names and addresses in the certificate. Seeding connects to `localhost`, whatever stands here.
        public var dnsNames = ["localhost"]
        public var addresses = ["127.0.0.1", "::1"]
        /// More of mongod's parameters, such as `enableTestCommands=1`.
        public var parameters: [String: String] = [:]
        /// nil: mongod's own limit.
        public var maximumConnections: Int?
        /// nil: mongod's own.
        public var journalMegabytes: Int?

        public init() {}
    }

    /// A replica set `rs0` of several members that listen on loopback.
    public struct ReplicaSet: Sendable {
        /// Where clients that connect to `localhost` find the members: ports of what stands before them.
        ///
        /// The members know each other by `127.0.0.1` and their own ports. A name in SNI chooses (replica set horizons,
        /// <https://github.com/mongodb/mongo/blob/v6.0/src/mongo/db/repl/split_horizon.h>), so that what happens to clients'
        /// connections does not happen to the set.
        public var publicPorts: [Int]
        static let name = "rs0"

        public init(publicPorts: [Int]) {
            self.publicPorts = publicPorts
        }
    }

    /// Holds the data, the certificates and the log.
    public let directory: PrivateDirectory
    public let authority: CertificateAuthority
    /// One, or those of the replica set.
    public let members: [MongodProcess]
    private let ports: [HeldPort]
    /// For commands to one member of a set, by its port.
    let directs = Locked<[Int: MongoAdministrator]>([:])
    /// Runs commands as a user with role `root`.
    public let administrator: MongoAdministrator
    /// A connection string for a user with role `root`, to the servers themselves. A secret.
    public let administratorURL: String
    /// The password of user `bookinfo`.
    public let password: String

    /// The one, or the first.
    public var mongod: MongodProcess { members[0] }

    public var port: Int { mongod.server.port }

    /// What the service gets as `MONGO_DB_URL`. A secret.
    public var url: String { url() }

    /// Starts a database and fills it.
    ///
    /// - Throws: ``LocalMongoError`` or `ProcessError` in one sentence, or `MongoError`.
    public static func start(_ options: Options = Options()) async throws -> BookinfoDatabase {
        let binary = try options.binary ?? MongodBinary.locate()
        let directory = try PrivateDirectory(name: "bookinfo-mongod")
        let authority = try await CertificateAuthority.make(in: directory.makeDirectory("certificates"))
        var server = MongoServer(binary: binary, dataDirectory: "", port: options.port ?? 0)
        server.tlsMode = options.tlsMode
        server.certificate = try await authority.certificate(
            dnsNames: options.dnsNames, addresses: options.addresses)
        server.parameters = options.parameters
        server.maximumConnections = options.maximumConnections
        server.journalMegabytes = options.journalMegabytes
        if options.port != nil, FreePort.isAnswering(server.port) {
            throw LocalMongoError("port \(server.port) is taken: something answers on it already")
        }
        let count = options.replicaSet?.publicPorts.count ?? 1
        if options.replicaSet != nil {
            let keyFile = directory.appending("replica-set.key")
            try PrivateFile.write(Secret.random() + Secret.random(), to: keyFile)
            server.replicaSet = .init(name: ReplicaSet.name, keyFile: keyFile)
        }
        let ports = options.port == nil ? try (0..<count).map { _ in try HeldPort() } : []
        let servers = try (0..<count).map { index in
            var server = server
            let suffix = count == 1 ? "" : "-\(index + 1)"
            server.dataDirectory = try directory.makeDirectory("data\(suffix)")
            server.logFile = "\(options.logDirectory ?? directory.path)/mongod\(suffix).log"
            if !ports.isEmpty { server.port = ports[index].number }
            return server
        }
        let members = try await start(servers)
        do {
            let seeding = Seeding(servers: servers, caFile: authority.certificateFile)
            let password = Secret.random()
            if let set = options.replicaSet { try await seeding.initiate(set) }
            let administration = try await seeding.makeAdministrator()
            try await seeding.fill(as: administration.administrator, password: password, with: options.documents)
            return BookinfoDatabase(
                directory: directory, authority: authority, members: members, ports: ports,
                administration: administration, password: password)
        } catch {
            for member in members { try? await member.stop(.kill) }
            throw error
        }
    }

    private static func start(_ servers: [MongoServer]) async throws -> [MongodProcess] {
        try await withThrowingTaskGroup(of: (Int, MongodProcess).self) { group in
            for (index, server) in servers.enumerated() {
                group.addTask { (index, try await MongodProcess.start(server)) }
            }
            var started: [Int: MongodProcess] = [:]
            do {
                while let (index, process) = try await group.next() { started[index] = process }
            } catch {
                group.cancelAll()
                for member in started.values { try? await member.stop(.kill) }
                throw error
            }
            return started.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    private init(
        directory: PrivateDirectory, authority: CertificateAuthority, members: [MongodProcess], ports: [HeldPort],
        administration: Administration, password: String
    ) {
        self.directory = directory
        self.authority = authority
        self.members = members
        self.ports = ports
        administrator = administration.administrator
        administratorURL = administration.url
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

    /// A connection string for user `bookinfo` to a replica set.
    ///
    /// - Parameter ports: where clients find its members.
    public func url(ports: [Int]) -> String {
        guard ports.count > 1 else { return url(port: ports.first) }
        let hosts = ports.map { "localhost:\($0)" }.joined(separator: ",")
        return url(host: "HOSTS", options: ["replicaSet=\(ReplicaSet.name)"])
            .replacing("HOSTS:\(port)", with: hosts)
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
        try await administrator.insert(documents, into: "ratings", of: "test")
    }

    /// The same with documents in BSON, which are stored as they are: Extended JSON has no invalid UTF-8, for one.
    public func setRatings(bson documents: [[UInt8]]) async throws {
        try await setRatings([])
        guard !documents.isEmpty else { return }
        try await administrator.insert(bson: documents, into: "ratings", of: "test")
    }

    /// Starts mongod again on the same port and data, after it has been stopped or killed.
    public func restart() async throws {
        for member in members { try await restart(member) }
    }

    /// Ends mongod at once, and removes its data.
    public func stop() async throws {
        await administrator.disconnect()
        for direct in directs.withLock({ $0.values }) { await direct.disconnect() }
        for member in members { try await member.stop(.kill) }
        directory.remove()
    }
}
