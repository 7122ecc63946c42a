/// The files that mongod needs for TLS.
public struct ServerCertificate: Sendable {
    /// Certificate and private key (`--tlsCertificateKeyFile`), mode 0600.
    public let certificateKeyFile: String
    /// The CA that clients trust (`tlsCAFile` in a connection string).
    public let caFile: String

    public init(certificateKeyFile: String, caFile: String) {
        self.certificateKeyFile = certificateKeyFile
        self.caFile = caFile
    }
}
