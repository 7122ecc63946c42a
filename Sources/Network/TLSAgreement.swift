import COpenSSL

/// What a TLS handshake agreed on.
public struct TLSAgreement: Sendable, Equatable {
    /// Such as `TLSv1.3`.
    public let version: String
    /// What the server sent, its own certificate first; empty where it was not verified.
    public let chain: [Certificate]

    init(_ tls: OpaquePointer, _ verification: Verification) {
        version = String(cString: SSL_get_version(tls))
        chain = verification.chain
    }
}

/// Why a TLS handshake failed.
public enum TLSFault: Error, Sendable, Equatable {
    /// The server's certificate does not stand the check: all that is wrong with it, and what came.
    case certificate([CertificateFault], chain: [Certificate])
    case ended(Ending)
}
