/// The article's section "Setting up the Ratings database": users and data.
struct Seeding {
    var server: MongoServer
    var caFile: String

    /// Makes the first user. A server without users lets a client on the same machine make one (localhost exception,
    /// <https://www.mongodb.com/docs/v6.0/core/localhost-exception/>).
    func makeAdministrator() async throws -> MongoAdministrator {
        let password = Secret.random()
        let anonymous = try MongoAdministrator(url: url(credentials: ""))
        try await anonymous.runCommand(
            #"{"createUser": "admin", "pwd": "\#(password)", "roles": ["root"]}"#, on: "admin")
        await anonymous.disconnect()
        return try MongoAdministrator(url: url(credentials: "admin:\(password)@"))
    }

    /// User `bookinfo` with role `read` on `test`, and the collection `ratings` with two documents.
    func fill(as administrator: MongoAdministrator, password: String) async throws {
        try await administrator.runCommand(
            #"{"createUser": "bookinfo", "pwd": "\#(password)", "roles": ["read"]}"#, on: "test")
        try await administrator.runCommand(
            #"{"insert": "ratings", "documents": [{"rating": 1}, {"rating": 1}]}"#, on: "test")
    }

    /// Names may differ from `localhost` in a test's certificate, and nobody is between us and loopback.
    private func url(credentials: String) -> String {
        var options = ["directConnection=true"]
        if server.tlsMode != .disabled {
            options += ["tls=true", "tlsCAFile=\(caFile)", "tlsAllowInvalidHostnames=true"]
        }
        return "mongodb://\(credentials)localhost:\(server.port)/admin?\(options.joined(separator: "&"))"
    }
}
