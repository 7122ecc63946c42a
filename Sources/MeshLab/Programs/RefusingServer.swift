import Processes

/// `openssl s_server` in the database's place: TLS 1.2 with mongod's own certificate, which demands one of the client.
enum RefusingServer {
    static func start(_ lab: Lab) async throws -> ChildProcess {
        let address = "\(lab.databaseAddress):\(lab.site.parameters.port)"
        let server = try await NetworkNamespace.external.start(
            as: .root, "openssl",
            [
                "s_server", "-accept", address, "-cert", lab.site.template.certificateKeyFile, "-quiet", "-tls1_2",
                "-Verify", "1", "-verify_return_error", "-CAfile", lab.site.template.caFile,
            ], log: "\(Isolation.directory)/refusing-server.log")
        try await wait("openssl s_server to listen") {
            try await NetworkNamespace.external.attempt("ss", ["-Htln", "src = \(address)"]).standardOutput.isEmpty
                == false
        }
        return server
    }
}
