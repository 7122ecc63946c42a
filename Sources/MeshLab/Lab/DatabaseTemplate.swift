import Foundation
import LocalMongo

/// A seeded database that does not run: data to copy, the certificate, and who may log in.
///
/// Seeding takes a second; a copy takes nothing.
struct DatabaseTemplate: Sendable {
    /// User `bookinfo` may read, as in the article.
    private let database: BookinfoDatabase
    /// A user with role `root`, for what the lab does to a replica set.
    private let administrator: String
    let port: Int

    /// The CA that the service trusts, readable for it.
    var caFile: String { "\(Isolation.directory)/mongodb-ca.crt" }

    /// mongod's certificate and key.
    var certificateKeyFile: String { database.mongod.server.certificate?.certificateKeyFile ?? "" }

    static func make(_ tools: Tools, hosts: [String], addresses: [String], port: Int) async throws -> DatabaseTemplate {
        var options = BookinfoDatabase.Options()
        options.binary = tools.mongod
        options.port = port
        options.dnsNames = ["localhost"] + hosts
        options.addresses = ["127.0.0.1"] + addresses
        // All data is in memory, and copied often.
        options.journalMegabytes = 8
        let database = try await BookinfoDatabase.start(options)
        let password = Secret.random()
        try await database.runCommand(
            #"{"createUser": "lab", "pwd": "\#(password)", "roles": ["root"]}"#, on: "admin")
        try await database.mongod.stop(.terminate)
        Forever.keep(database)
        let template = DatabaseTemplate(database: database, administrator: "lab:\(password)", port: port)
        let certificate = try String(contentsOfFile: database.authority.certificateFile, encoding: .utf8)
        try certificate.write(toFile: template.caFile, atomically: true, encoding: .utf8)
        return template
    }

    /// A mongod that has not been started, with data of its own.
    ///
    /// - Parameters:
    ///   - name: of its data directory.
    ///   - isSeeded: a member that joins a replica set starts empty.
    ///   - isCertified: whether it speaks TLS.
    ///   - host: whose certificate it shows, with this common name; nil: that of all hosts.
    func mongod(
        _ name: String, address: String, replicaSet: MongoServer.ReplicaSet? = nil, isSeeded: Bool = true,
        certifiedAs host: String? = nil, isCertified: Bool = true
    ) async throws -> Mongod {
        var server = database.mongod.server
        if !isCertified {
            server.certificate = nil
            server.tlsMode = .disabled
        }
        if let host {
            server.certificate = try await database.authority.certificate(named: host, dnsNames: [host])
        }
        server.dataDirectory = "\(Isolation.directory)/\(name)"
        server.logFile = server.dataDirectory + ".log"
        server.bindAddresses = [address]
        server.replicaSet = replicaSet
        try? FileManager.default.removeItem(atPath: server.dataDirectory)
        if isSeeded {
            try await Command.run("cp", ["-a", database.mongod.server.dataDirectory, server.dataDirectory])
        } else {
            try FileManager.default.createDirectory(atPath: server.dataDirectory, withIntermediateDirectories: false)
        }
        return Mongod(server, address: address)
    }

    /// What the service gets as MONGO_DB_URL. A secret.
    func url(hosts: [String], isTLS: Bool, replicaSet: String? = nil) -> String {
        url(of: "bookinfo:\(database.password)", for: "test", hosts: hosts, isTLS: isTLS, replicaSet: replicaSet)
    }

    /// The same for a user with role `root`. A secret.
    func administratorURL(hosts: [String], replicaSet: String? = nil) -> String {
        url(of: administrator, for: "admin", hosts: hosts, isTLS: true, replicaSet: replicaSet)
    }

    private func url(of user: String, for name: String, hosts: [String], isTLS: Bool, replicaSet: String?) -> String {
        var options = ["authSource=\(name)"]
        if let replicaSet { options.append("replicaSet=\(replicaSet)") }
        if isTLS { options += ["ssl=true", "tlsCAFile=\(caFile)"] }
        let list = hosts.map { "\($0):\(port)" }.joined(separator: ",")
        return "mongodb://\(user)@\(list)/\(name)?\(options.joined(separator: "&"))"
    }

    /// Runs commands on one server as a user with role `root`.
    func administrator(at address: String) throws -> MongoAdministrator {
        let host = address.contains(":") ? "[\(address)]" : address
        let administrator = try MongoAdministrator(
            url:
                "mongodb://\(administrator)@\(host):\(port)/admin?directConnection=true&tls=true&tlsCAFile=\(caFile)"
                + "&serverSelectionTimeoutMS=1000")
        Forever.keep(administrator)
        return administrator
    }
}
