import Foundation
import LocalMongo
import Processes

extension DatabaseFault {
    /// TLS by `openssl s_server`, which takes certificates that mongod itself refuses; nil where the fault is none of a
    /// certificate that a client which trusts `authority` sees.
    func certified(by authority: CertificateAuthority) async throws -> Impostor? {
        switch self {
        case .certificateExpired, .certificateNotYetValid, .certificateForAnotherName, .certificateFromUnknownCA,
            .clientCertificateMissing, .clientCertificateMissingInTLS12, .selfSigned, .intermediateMissing,
            .issuerIsNoCA,
            .extendedKeyUsageOfClients, .keyUsageUnfit, .signedWithSHA1, .weakKey:
            break
        default: return nil
        }
        let directory = try PrivateDirectory(name: "faulty-certificate")
        let workshop = CertificateWorkshop(directory: directory.path)
        let root = CertificateWorkshop.Issuer(authority)
        var chain: String?
        var options: [String] = []
        let certificate: ServerCertificate
        switch self {
        case .certificateExpired:
            certificate = try await authority.certificate(
                in: directory.path, validity: Date(timeIntervalSinceNow: -86400)..<Date(timeIntervalSinceNow: -60))
        case .certificateNotYetValid:
            certificate = try await authority.certificate(
                in: directory.path, validity: Date(timeIntervalSinceNow: 3600)..<Date(timeIntervalSinceNow: 86400))
        case .certificateForAnotherName:
            certificate = try await authority.certificate(
                dnsNames: ["mongo.example.com"], addresses: ["192.0.2.1"], in: directory.path)
        case .certificateFromUnknownCA:
            certificate = try await CertificateAuthority.make(named: "another", in: directory.path).certificate()
        case .selfSigned: certificate = try await workshop.issue("self", by: nil)
        case .intermediateMissing:
            let intermediate = try await workshop.issue("intermediate", by: root, CertificateWorkshop.authority)
            certificate = try await workshop.issue("leaf", by: .init(intermediate))
        case .issuerIsNoCA:
            let impostor = try await workshop.issue("impostor", by: root)
            certificate = try await workshop.issue("leaf", by: .init(impostor))
            chain = impostor.certificateKeyFile
        case .extendedKeyUsageOfClients, .keyUsageUnfit, .signedWithSHA1, .weakKey:
            var extensions = CertificateWorkshop.server
            if self == .extendedKeyUsageOfClients { extensions += ["extendedKeyUsage=clientAuth"] }
            if self == .keyUsageUnfit { extensions += ["keyUsage=critical,dataEncipherment"] }
            certificate = try await workshop.issue(
                "leaf", by: root, extensions, digest: self == .signedWithSHA1 ? "-sha1" : "-sha256",
                rsaBits: self == .weakKey ? 1024 : nil)
        default:
            certificate = try await authority.certificate(in: directory.path)
            options = ["-Verify", "1", "-verify_return_error", "-CAfile", authority.certificateFile]
            if self == .clientCertificateMissingInTLS12 { options.append("-tls1_2") }
        }
        let server = try await TLSServer.start(certificate.certificateKeyFile, chain: chain, options: options)
        return Impostor(port: server.port, owner: Held(server: server, directory: directory))
    }

    /// A good certificate, whose CA the connection string does not name and the server does not send.
    func noAuthority(_ database: BookinfoDatabase) async throws -> Broken {
        let directory = try PrivateDirectory(name: "faulty-certificate")
        let certificate = try await database.authority.certificate(in: directory.path)
        let server = try await TLSServer.start(certificate.certificateKeyFile, chain: nil, options: [])
        return Broken(
            url: "mongodb://localhost:\(server.port)/test?ssl=true", owner: Held(server: server, directory: directory))
    }

    /// An intermediate CA in the place of the root in `tlsCAFile`.
    func intermediateAlone(_ database: BookinfoDatabase) async throws -> Broken {
        let directory = try PrivateDirectory(name: "faulty-certificate")
        let workshop = CertificateWorkshop(directory: directory.path)
        let intermediate = try await workshop.issue(
            "intermediate", by: .init(database.authority), CertificateWorkshop.authority)
        let leaf = try await workshop.issue("leaf", by: .init(intermediate))
        let server = try await TLSServer.start(leaf.certificateKeyFile, chain: nil, options: [])
        return Broken(
            url: database.url(port: server.port, caFile: intermediate.certificateKeyFile),
            owner: Held(server: server, directory: directory))
    }

    private struct Held: Sendable {
        let server: TLSServer
        let directory: PrivateDirectory
    }
}
