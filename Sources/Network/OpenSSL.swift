import COpenSSL

/// OpenSSL's process-wide state.
public enum OpenSSL {
    /// Takes effect once. No part of OpenSSL asks at the terminal from then on, the driver's use of it included.
    public static let start: Void = {
        UI_set_default_method(UI_null())
    }()

    /// The oldest error of this thread's last call, in OpenSSL's words.
    static var reason: String {
        ERR_reason_error_string(ERR_peek_error()).map { String(cString: $0) } ?? "no reason given"
    }

    /// Whether that error says that a key is not the certificate's.
    static var isMismatch: Bool { copenssl_reason(ERR_peek_error()) == X509_R_KEY_VALUES_MISMATCH }
}
