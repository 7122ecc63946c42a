import MongoClient

/// A user with role `root`, at work and as a connection string.
struct Administration: Sendable {
    var administrator: MongoAdministrator
    /// A secret.
    var url: String
}

/// The article's section "Setting up the Ratings database": users and data.
struct Seeding {
    /// One, or the members of a replica set.
    var servers: [MongoServer]
    var caFile: String

    /// Makes a replica set of the servers, and waits until it has a primary.
    func initiate(_ set: BookinfoDatabase.ReplicaSet) async throws {
        let members = zip(servers, set.publicPorts).enumerated().map { index, ports in
            #"""
            {"_id": \#(index), "host": "127.0.0.1:\#(ports.0.port)",
             "horizons": {"clients": "localhost:\#(ports.1)"}}
            """#
        }
        // Elections after a second instead of ten.
        let settings = #"{"electionTimeoutMillis": 1000, "heartbeatIntervalMillis": 300}"#
        let anonymous = try MongoAdministrator(url: url(of: [servers[0]], credentials: ""))
        try await anonymous.runCommand(
            #"""
            {"replSetInitiate": {"_id": "\#(BookinfoDatabase.ReplicaSet.name)",
             "members": [\#(members.joined(separator: ","))], "settings": \#(settings)}}
            """#, on: "admin")
        // The exception for clients on this machine lets nobody ask for the set's status.
        let end = ContinuousClock.now + .seconds(60)
        while true {
            let reply = try await anonymous.runCommand(#"{"hello": 1}"#, on: "admin")
            if reply.contains(#""isWritablePrimary" : true"#) { break }
            guard ContinuousClock.now < end else { throw LocalMongoError("the replica set has no primary after 60 s") }
            try await Task.sleep(for: .milliseconds(20))
        }
        // It takes half a second, which nobody needs to wait for.
        Task { await anonymous.disconnect() }
    }

    /// Makes the first user. A server without users lets a client on the same machine make one (localhost exception,
    /// <https://www.mongodb.com/docs/v6.0/core/localhost-exception/>).
    func makeAdministrator() async throws -> Administration {
        let password = Secret.random()
        // The primary, where there is a set: the first member, which was told to make it.
        let anonymous = try MongoAdministrator(url: url(of: [servers[0]], credentials: ""))
        try await anonymous.runCommand(
            #"{"createUser": "admin", "pwd": "\#(password)", "roles": ["root"]}"#, on: "admin")
        // It takes half a second, which nobody needs to wait for.
        Task { await anonymous.disconnect() }
        let url = url(of: servers, credentials: "admin:\(password)@")
        return Administration(administrator: try MongoAdministrator(url: url), url: url)
    }

    /// User `bookinfo` with role `read` on `test`, and the collection `ratings`.
    func fill(as administrator: MongoAdministrator, password: String, with documents: [String]) async throws {
        try await administrator.runCommand(
            #"{"createUser": "bookinfo", "pwd": "\#(password)", "roles": ["read"]}"#, on: "test")
        var rest = documents[...]
        if servers.count > 1 {
            // Members apply what comes together in any order, and the service reads the first two in natural order: each by
            // itself, until all members have it.
            for document in rest.prefix(2) {
                try await administrator.runCommand(
                    #"""
                    {"insert": "ratings", "documents": [\#(document)], "writeConcern": {"w": \#(servers.count)}}
                    """#, on: "test")
            }
            rest = rest.dropFirst(2)
        }
        try await administrator.insert(Array(rest), into: "ratings", of: "test")
    }

    /// Names may differ from `localhost` in a test's certificate, and nobody is between us and loopback.
    private func url(of servers: [MongoServer], credentials: String) -> String {
        var options =
            servers.count == 1 ? ["directConnection=true"] : ["replicaSet=\(BookinfoDatabase.ReplicaSet.name)"]
        if servers[0].tlsMode != .disabled {
            options += ["tls=true", "tlsCAFile=\(caFile)", "tlsAllowInvalidHostnames=true"]
        }
        // An address and no name where there is a set: members tell the ones they know each other by.
        let host = servers.count == 1 ? "localhost" : "127.0.0.1"
        let hosts = servers.map { "\(host):\($0.port)" }.joined(separator: ",")
        return "mongodb://\(credentials)\(hosts)/admin?\(options.joined(separator: "&"))"
    }
}
