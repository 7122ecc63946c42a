import Foundation
import LocalMongo

/// Every way not to get a usable connection, each provoked for real.
enum ConnectFault: String, CaseIterable, Sendable {
    case refused
    case synUnanswered
    case silentListener
    case silentListenerWithoutTLS
    case silentAfterTLSHandshake
    case closesAtOnce
    case resetsAtOnce
    case cutInTheHandshake
    case answersHTTP
    case answersHTTPWithoutTLS
    case answersZeros
    case announcesAHugeMessage
    case nameNotFound
    case srvNameNotFound
    case noCA
    case anotherCA
    case certificateForAnotherName
    case tlsToAPlainServer
    case plainToATLSServer
    case wrongPassword
    case wrongAuthSource
    case noSuchUser
    case wrongReplicaSetName

    /// What a broken database looks like from outside.
    struct Broken: Sendable {
        let url: String
        /// One of these stands in the log's hint or reason.
        let signs: [String]
        /// Goes with the fault.
        var owner: (any Sendable)?
    }

    func provoke(on database: BookinfoDatabase) async throws -> Broken {
        func listener(_ behaviour: FaultyServer.Behaviour, tls: Bool = true, signs: [String]) async throws -> Broken {
            let server = try FaultyServer.start(behaviour)
            let plain = "mongodb://localhost:\(server.port)/test"
            return Broken(url: tls ? database.url(port: server.port) : plain, signs: signs, owner: server)
        }
        let closed = ["closed", "reset", "handshake"]
        let silent = ["no answer", "timeout", "calling hello"]
        switch self {
        case .refused:
            return Broken(url: database.url(port: try FreePort.find()), signs: ["refused", "Failed to connect"])
        case .synUnanswered:
            let queue = try FullAcceptQueue()
            return Broken(
                url: database.url(port: queue.port), signs: ["connection timeout", "no answer", "Failed to connect"],
                owner: queue)
        case .silentListener: return try await listener(.silent, signs: silent)
        case .silentListenerWithoutTLS: return try await listener(.silent, tls: false, signs: silent)
        case .silentAfterTLSHandshake:
            let relay = try Relay.start(to: database.port, mode: .silentAfterHandshake)
            return Broken(url: database.url(port: relay.port), signs: silent, owner: relay)
        case .closesAtOnce: return try await listener(.closes, signs: closed)
        case .resetsAtOnce: return try await listener(.resets, signs: closed)
        case .cutInTheHandshake: return try await listener(.closesAfterFirstBytes, signs: closed)
        case .answersHTTP: return try await listener(.answers(Self.http), signs: ["TLS", "handshake"])
        case .answersHTTPWithoutTLS: return try await listener(.answers(Self.http), tls: false, signs: [])
        case .answersZeros: return try await listener(.answers(Array(repeating: 0, count: 64)), tls: false, signs: [])
        case .announcesAHugeMessage:
            // A message header (length, request ID, response to, OP_MSG) of 1.8 GB. At 2 GB less a byte the driver's own
            // assertion ends the process (mongoc-buffer.c, "precondition failed").
            let header: [UInt8] = [0x00, 0x00, 0x00, 0x70, 1, 0, 0, 0, 1, 0, 0, 0, 0xdd, 7, 0, 0]
            return try await listener(.answers(header), tls: false, signs: [])
        case .nameNotFound:
            return Broken(url: database.url(host: "nosuch.invalid"), signs: ["resolve"])
        case .srvNameNotFound:
            return Broken(url: "mongodb+srv://a.nosuch.invalid/test", signs: ["resolve", "SRV"])
        case .noCA:
            let url = database.url.replacingOccurrences(
                of: "&tlsCAFile=\(database.authority.certificateFile)", with: "")
            return Broken(url: url, signs: ["not trusted", "certificate"])
        case .anotherCA:
            let directory = try PrivateDirectory(name: "another-ca")
            let other = try await CertificateAuthority.make(named: "another", in: directory.path)
            return Broken(
                url: database.url(caFile: other.certificateFile), signs: ["not trusted"], owner: directory)
        case .certificateForAnotherName:
            // The certificate is for localhost, 127.0.0.1 and ::1.
            let relay = try Relay.start(to: database.port, host: "127.0.0.2")
            return Broken(
                url: database.url(host: "127.0.0.2", port: relay.port), signs: ["another name", "mismatch"],
                owner: relay)
        case .tlsToAPlainServer:
            let plain = try await PlainMongod.start()
            return Broken(url: database.url(port: plain.port), signs: closed + ["TLS"], owner: plain)
        case .plainToATLSServer:
            return Broken(url: "mongodb://localhost:\(database.port)/test", signs: closed)
        case .wrongPassword:
            return Broken(url: database.url(password: "wrong"), signs: ["Authentication failed"])
        case .wrongAuthSource:
            let url = database.url.replacingOccurrences(of: "authSource=test", with: "authSource=admin")
            return Broken(url: url, signs: ["Authentication failed"])
        case .noSuchUser:
            let url = database.url.replacingOccurrences(of: "//bookinfo:", with: "//nobody:")
            return Broken(url: url, signs: ["Authentication failed"])
        case .wrongReplicaSetName:
            return Broken(url: database.url(options: ["replicaSet=rs9"]), signs: ["replica", "No suitable servers"])
        }
    }

    private static let http = Array("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".utf8)
}
