import LocalMongo

/// Certificates with whatever is wrong with them, by the `openssl` command.
struct CertificateWorkshop {
    let directory: String

    /// The extensions of a CA.
    static let authority = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"]
    /// Those of a server at `localhost`.
    static let server = ["basicConstraints=critical,CA:FALSE", "subjectAltName=DNS:localhost"]

    /// Who signs.
    struct Issuer {
        let certificateFile: String
        let keyFile: String

        init(_ authority: CertificateAuthority) {
            certificateFile = authority.certificateFile
            keyFile = authority.keyFile
        }

        init(_ certificate: ServerCertificate) {
            certificateFile = certificate.certificateKeyFile
            keyFile = certificate.certificateKeyFile
        }
    }

    /// - Parameters:
    ///   - name: the common name.
    ///   - issuer: nil: signed by itself.
    ///   - digest: what the signature is made with, such as `-sha256`.
    ///   - rsaBits: nil: a key on the P-256 curve.
    func issue(
        _ name: String, by issuer: Issuer?, _ extensions: [String] = server, digest: String = "-sha256",
        rsaBits: Int? = nil
    ) async throws -> ServerCertificate {
        let file = "\(directory)/\(name)-workshop"
        var arguments = ["req", "-x509", "-days", "2", digest, "-subj", "/O=ratings workshop/CN=\(name)"]
        arguments +=
            rsaBits.map { ["-newkey", "rsa:\($0)"] } ?? ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        arguments += ["-noenc", "-keyout", "\(file).key", "-out", "\(file).crt"]
        for line in extensions { arguments += ["-addext", line] }
        if let issuer { arguments += ["-CA", issuer.certificateFile, "-CAkey", issuer.keyFile] }
        try await OpenSSLCommand.run(arguments)
        try PrivateFile.join(["\(file).crt", "\(file).key"], into: "\(file).pem")
        return ServerCertificate(
            certificateKeyFile: "\(file).pem", caFile: issuer?.certificateFile ?? "\(file).pem")
    }
}
