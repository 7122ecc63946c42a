import COpenSSL

/// One thing that is wrong with a certificate of the peer's chain.
public struct CertificateFault: Sendable, Equatable {
    /// `X509_V_ERR_…` (<https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/>).
    public let code: Int32
    /// 0 for the peer's own certificate, 1 for its issuer's, and so on.
    public let depth: Int32
    /// OpenSSL's words.
    public let text: String
    /// The certificate at that depth.
    public let certificate: Certificate?
}

/// What the check of a peer's certificates found: everything, where OpenSSL by itself stops at the first.
struct Verification {
    var faults: [CertificateFault] = []
    /// As the peer sent it.
    var chain: [Certificate] = []
}

// File-scope functions, as every callback of C. The connection outlives its handshake, during which they are called.

/// Verifies all, and then refuses where anything was wrong. To accept here would finish the handshake with a server that
/// is not trusted, and send it the client's certificate.
func verifyPeer(_ store: OpaquePointer?, _ argument: UnsafeMutableRawPointer?) -> Int32 {
    guard let store, let connection = connection(of: store) else { return 0 }
    connection.verification = Verification()
    if let chain = X509_STORE_CTX_get0_untrusted(store) {
        connection.verification.chain = (0..<copenssl_certificate_count(chain)).compactMap {
            copenssl_certificate(chain, $0).map(Certificate.init)
        }
    }
    X509_STORE_CTX_set_verify_cb(store, noteFault)
    let result = X509_verify_cert(store)
    guard let first = connection.verification.faults.first else { return result }
    X509_STORE_CTX_set_error(store, first.code)
    return 0
}

private func noteFault(_ isFine: Int32, _ store: OpaquePointer?) -> Int32 {
    guard isFine == 0, let store, let connection = connection(of: store) else { return isFine }
    let code = X509_STORE_CTX_get_error(store)
    connection.verification.faults.append(
        CertificateFault(
            code: code,
            depth: X509_STORE_CTX_get_error_depth(store),
            text: String(cString: X509_verify_cert_error_string(Int(code))),
            certificate: X509_STORE_CTX_get_current_cert(store).map(Certificate.init)))
    return 1
}

private func connection(of store: OpaquePointer) -> Connection? {
    guard
        let tls = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()),
        let connection = SSL_get_ex_data(OpaquePointer(tls), 0)
    else { return nil }
    return Unmanaged<Connection>.fromOpaque(connection).takeUnretainedValue()
}
