import Foundation
import LocalMongo
import Processes

/// Ways for a database not to be readable, each made for real, on loopback.
public enum DatabaseFault: String, CaseIterable, Sendable {
    // The name
    case nameNotFound
    case serviceNameNotFound
    // The connection
    case refused
    case synUnanswered
    case unixSocketMissing
    // TLS
    case silent
    case closesAtOnce
    case reset
    case closesAfterClientHello
    case resetsAfterClientHello
    case answersHTTPToTLS
    case tlsToAPlainServer
    case clientCertificateMissing
    case clientCertificateMissingInTLS12
    case certificateExpired
    case certificateNotYetValid
    case certificateForAnotherName
    case noCA
    case certificateFromUnknownCA
    case selfSigned
    case intermediateMissing
    case intermediateAloneAsCA
    case issuerIsNoCA
    case extendedKeyUsageOfClients
    case keyUsageUnfit
    case signedWithSHA1
    case weakKey
    // Hello
    case plainToATLSServer
    case silentListenerWithoutTLS
    case silentAfterTLSHandshake
    case closesAtOnceWithoutTLS
    case answersHTTPWithoutTLS
    case answersZeros
    case announcesAHugeMessage
    case noReplicaSet
    case otherReplicaSet
    case noPrimary
    case noLoadBalancer
    // Authentication
    case wrongPassword
    case wrongAuthSource
    case noSuchUser
    case certificateUserUnknown
    case mechanismNotOffered
    case cutDuringLogIn
    case silentDuringLogIn
    // The read
    case noUser
    case noRole
    case cutDuringRead
    case silentDuringRead
    case readError

    /// A database that cannot be read.
    public struct Broken: Sendable {
        /// What the service gets as `MONGO_DB_URL`. A secret.
        public let url: String
        /// Goes with the fault.
        let owner: (any Sendable)?

        init(url: String, owner: (any Sendable)? = nil) {
            self.url = url
            self.owner = owner
        }
    }

    /// Whether a read gets as far as a connection, so that callers are told "could not load".
    public var isOfTheRead: Bool {
        switch self {
        case .noUser, .noRole, .cutDuringRead, .silentDuringRead, .readError: true
        default: false
        }
    }

    /// Makes the fault. It lasts as long as what is returned.
    ///
    /// - Parameter database: a healthy one beside it, whose certificates and users are borrowed.
    public func make(on database: BookinfoDatabase) async throws -> Broken {
        if let mode = relayMode {
            let relay = try Relay.start(to: database.port, mode: mode)
            return Broken(url: database.url(port: relay.port), owner: relay)
        }
        if let server = try await impostor(of: database) {
            return Broken(url: database.url(port: server.port), owner: server)
        }
        if let readFailure { return try await Self.failingRead(readFailure) }
        switch self {
        case .nameNotFound: return Broken(url: database.url(host: "nosuch.invalid"))
        case .serviceNameNotFound: return Broken(url: "mongodb+srv://a.nosuch.invalid/test")
        case .synUnanswered:
            let queue = try FullAcceptQueue()
            // The queue is IPv4's; localhost may have an address of IPv6 too, which refuses.
            return Broken(url: database.url(host: "127.0.0.1", port: queue.port), owner: queue)
        case .unixSocketMissing: return Broken(url: "mongodb://%2Ftmp%2Fnosuch%2Fmongodb-27017.sock/test")
        case .noCA: return try await noAuthority(database)
        case .silentListenerWithoutTLS: return try plainListener(.silent)
        case .closesAtOnceWithoutTLS: return try plainListener(.closes)
        case .answersHTTPWithoutTLS: return try plainListener(.answers(Self.http))
        case .answersZeros: return try plainListener(.answers(Array(repeating: 0, count: 64)))
        case .announcesAHugeMessage:
            // A message header (length, request ID, response to, OP_MSG) of 1.8 GB. At 2 GB less a byte the driver's own
            // assertion ends the process (mongoc-buffer.c, "precondition failed").
            return try plainListener(.answers([0x00, 0x00, 0x00, 0x70, 1, 0, 0, 0, 1, 0, 0, 0, 0xdd, 7, 0, 0]))
        case .intermediateAloneAsCA: return try await intermediateAlone(database)
        case .plainToATLSServer: return Broken(url: "mongodb://localhost:\(database.port)/test")
        case .noReplicaSet: return Broken(url: database.url(options: ["replicaSet=rs9"]))
        case .otherReplicaSet:
            let set = try await SingleMemberSet.start()
            return Broken(url: "mongodb://localhost:\(set.port)/test?replicaSet=rs9", owner: set)
        case .noPrimary:
            let set = try await SingleMemberSet.start()
            try await set.stepDown()
            return Broken(url: "mongodb://localhost:\(set.port)/test?replicaSet=rs0", owner: set)
        case .noLoadBalancer: return Broken(url: database.url(options: ["loadBalanced=true"]))
        case .wrongPassword: return Broken(url: database.url(password: "wrong"))
        case .wrongAuthSource: return Broken(url: database.url.replacing("authSource=test", with: "authSource=admin"))
        case .noSuchUser: return Broken(url: database.url.replacing("//bookinfo:", with: "//nobody:"))
        case .certificateUserUnknown:
            let certificate = try await database.authority.certificate(named: "nobody-\(UInt32.random(in: 0 ... .max))")
            let options = ["authMechanism=MONGODB-X509", "tlsCertificateKeyFile=\(certificate.certificateKeyFile)"]
            return Broken(url: Self.withoutUser(database.url(options: options)))
        case .mechanismNotOffered: return Broken(url: database.url(options: ["authMechanism=PLAIN"]))
        case .cutDuringLogIn: return try await logInFault(.closesAt(Array("saslContinue".utf8)))
        case .silentDuringLogIn: return try await logInFault(.silentAt(Array("saslContinue".utf8)))
        case .noUser: return Broken(url: Self.withoutUser(database.url))
        case .noRole:
            let name = "stranger\(UInt32.random(in: 0 ... .max))"
            try await database.runCommand(#"{"createUser": "\#(name)", "pwd": "x", "roles": []}"#)
            return Broken(url: database.url(password: "x").replacing("//bookinfo:", with: "//\(name):"))
        default: throw LocalMongoError("nobody knows how to make \(self)")
        }
    }

    static let http = Array("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".utf8)

    private func plainListener(_ behaviour: FaultyServer.Behaviour) throws -> Broken {
        let server = try FaultyServer.start(behaviour)
        return Broken(url: "mongodb://localhost:\(server.port)/test", owner: server)
    }

    static func withoutUser(_ url: String) -> String {
        url.replacingOccurrences(of: "//[^@]*@", with: "//", options: .regularExpression).replacing(
            "authSource=test&", with: "")
    }

    /// A log-in in plain text, so that what stands between can see how far it has come.
    private func logInFault(_ mode: Relay.Mode) async throws -> Broken {
        var options = BookinfoDatabase.Options()
        options.tlsMode = .disabled
        let database = try await BookinfoDatabase.start(options)
        let relay = try Relay.start(to: database.port, mode: mode)
        return Broken(url: database.url(port: relay.port), owner: Owners(all: [database.killedAtTheEnd, relay]))
    }

    /// A server of its own, whose `find` fails for as long as the fault lasts.
    private static func failingRead(_ data: String) async throws -> Broken {
        let mongod = try await PlainMongod.start { $0.parameters["enableTestCommands"] = "1" }
        try await mongod.run(failFind(data))
        return Broken(url: "mongodb://localhost:\(mongod.port)/test", owner: mongod)
    }

    private struct Owners: Sendable {
        let all: [any Sendable]
    }
}

extension BookinfoDatabase {
    /// Ends this database's server when it is let go.
    var killedAtTheEnd: any Sendable { KilledAtTheEnd(self) }

    private final class KilledAtTheEnd: Sendable {
        private let database: BookinfoDatabase

        init(_ database: BookinfoDatabase) {
            self.database = database
        }

        deinit { database.mongod.send(.kill) }
    }
}
