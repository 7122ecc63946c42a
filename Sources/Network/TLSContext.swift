import COpenSSL
import Glibc

/// What a connection string says of TLS.
public struct TLSSettings: Sendable, Equatable {
    /// `tlsCAFile`; nothing for the system's store.
    public var caFile: String?
    /// `tlsCertificateKeyFile`.
    public var certificateKeyFile: String?
    /// `tlsCertificateKeyFilePassword`. A secret.
    public var certificateKeyFilePassword: String?
    /// `tlsAllowInvalidCertificates`, `tlsInsecure`.
    public var allowsInvalidCertificates = false
    /// `tlsAllowInvalidHostnames`, and what implies it.
    public var allowsInvalidHostnames = false

    public init() {}
}

/// Owns an `SSL_CTX` with the driver's own settings: the same store of authorities, ciphers, checks and client certificate
/// as libmongoc's `_mongoc_openssl_ctx_new` and `mongoc_stream_tls_openssl_new`.
///
/// `@unchecked Sendable`: an `SSL_CTX` that is no longer changed may be used by several threads at once to make sessions
/// (<https://docs.openssl.org/3.0/man7/openssl-threads/>); this one is not changed after `init`.
public final class TLSContext: @unchecked Sendable {
    private let pointer: OpaquePointer
    private let checksName: Bool

    /// Reads the authorities, which takes tens of milliseconds for the system's: one context serves many connections.
    ///
    /// - Parameter needsAuthorities: whether the system's store is read where no CA is named: not for a check of the files,
    ///   nor for a server that is not verified.
    /// - Throws: ``TLSFileError`` where a file that it names cannot be used.
    public init(_ settings: TLSSettings, needsAuthorities: Bool = true) throws(TLSFileError) {
        OpenSSL.start
        guard let pointer = SSL_CTX_new(TLS_method()) else { throw TLSFileError(option: "tls", path: "", .outOfMemory) }
        self.pointer = pointer
        checksName = !settings.allowsInvalidHostnames && !settings.allowsInvalidCertificates
        copenssl_set_options_as_libmongoc(pointer)
        SSL_CTX_set_cipher_list(pointer, "HIGH:!EXPORT:!aNULL@STRENGTH")
        SSL_CTX_set_verify(pointer, settings.allowsInvalidCertificates ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nil)
        if !settings.allowsInvalidCertificates { SSL_CTX_set_cert_verify_callback(pointer, verifyPeer, nil) }
        if let file = settings.certificateKeyFile {
            try Self.use(file, password: settings.certificateKeyFilePassword, in: pointer)
        }
        if let file = settings.caFile {
            ERR_clear_error()
            guard SSL_CTX_load_verify_locations(pointer, file, nil) == 1 else {
                throw TLSFileError(option: "tlsCAFile", path: file, .noCertificate(OpenSSL.reason))
            }
        } else if needsAuthorities {
            SSL_CTX_set_default_verify_paths(pointer)
        }
    }

    deinit { SSL_CTX_free(pointer) }

    /// A session for one connection; the caller's to free.
    func session(name: String) -> OpaquePointer? {
        guard let tls = SSL_new(pointer) else { return nil }
        _ = copenssl_set_server_name(tls, name)
        if checksName, let parameters = SSL_get0_param(tls) {
            X509_VERIFY_PARAM_set_hostflags(parameters, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
            if X509_VERIFY_PARAM_set1_ip_asc(parameters, name) != 1 {
                X509_VERIFY_PARAM_set1_host(parameters, name, 0)
            }
        }
        return tls
    }

    private static func use(_ file: String, password: String?, in pointer: OpaquePointer) throws(TLSFileError) {
        let option = "tlsCertificateKeyFile"
        ERR_clear_error()
        guard SSL_CTX_use_certificate_chain_file(pointer, file) == 1 else {
            throw TLSFileError(option: option, path: file, .noCertificate(OpenSSL.reason))
        }
        var secret = Array((password ?? "").utf8CString)
        defer { explicit_bzero(&secret, secret.count) }
        let status = secret.withUnsafeMutableBufferPointer { secret in
            SSL_CTX_set_default_passwd_cb_userdata(pointer, password == nil ? nil : secret.baseAddress)
            SSL_CTX_set_default_passwd_cb(pointer, givePassword)
            ERR_clear_error()
            defer { SSL_CTX_set_default_passwd_cb_userdata(pointer, nil) }
            return SSL_CTX_use_PrivateKey_file(pointer, file, SSL_FILETYPE_PEM)
        }
        guard status == 1 else {
            if OpenSSL.isMismatch { throw TLSFileError(option: option, path: file, .mismatch(OpenSSL.reason)) }
            throw TLSFileError(option: option, path: file, .noKey(OpenSSL.reason, hasPassword: password != nil))
        }
        ERR_clear_error()
        guard SSL_CTX_check_private_key(pointer) == 1 else {
            throw TLSFileError(option: option, path: file, .mismatch(OpenSSL.reason))
        }
    }
}

/// A file-scope function, as every callback of C: nobody is asked for a password at a terminal.
private func givePassword(
    _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int32, _ isWriting: Int32, _ password: UnsafeMutableRawPointer?
) -> Int32 {
    guard let buffer, let password else { return -1 }
    let length = strlen(password.assumingMemoryBound(to: CChar.self))
    guard length <= Int(size) else { return -1 }
    memcpy(buffer, password, length)
    return Int32(length)
}
