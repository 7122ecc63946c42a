import COpenSSL

/// The kinds of things that are wrong with certificates.
public enum CertificateProblem: Sendable, Equatable {
    case expired
    case notYetValid
    case anotherName
    /// Its issuer was neither sent nor is it among the authorities. An unknown authority and a missing intermediate look the
    /// same to a client.
    case issuerUnknown
    /// It is its own issuer, and not among the authorities.
    case selfSigned
    /// Its chain ends in an authority that is sent or known but not trusted: itself signed by itself.
    case rootNotTrusted
    /// A known authority's own issuer is not known.
    case authorityIncomplete
    /// It is no authority's, and has issued another one.
    case issuerNoAuthority
    case notForServers
    case keyUsageUnfit
    case signatureWeak
    case keyWeak
    case other
    /// Follows from another one.
    case consequence
}

extension CertificateFault {
    public var problem: CertificateProblem {
        switch code {
        case X509_V_ERR_CERT_HAS_EXPIRED: .expired
        case X509_V_ERR_CERT_NOT_YET_VALID: .notYetValid
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH: .anotherName
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY: .issuerUnknown
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_UNTRUSTED: .consequence
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: .selfSigned
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN: .rootNotTrusted
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT: .authorityIncomplete
        case X509_V_ERR_INVALID_CA, X509_V_ERR_KEYUSAGE_NO_CERTSIGN: .issuerNoAuthority
        // An issuer's purpose is to issue.
        case X509_V_ERR_INVALID_PURPOSE where depth > 0: .issuerNoAuthority
        // Extended key usage and key usage have the same code: the certificate says which.
        case X509_V_ERR_INVALID_PURPOSE: certificate?.isForServers == false ? .notForServers : .keyUsageUnfit
        case X509_V_ERR_CA_MD_TOO_WEAK: .signatureWeak
        case X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL: .keyWeak
        default: .other
        }
    }
}

/// What a server wants of a client's certificate, by the alert that it sent.
public enum ClientCertificateComplaint: Sendable {
    case missing
    case refused

    /// - Parameter reason: of ``Ending/alert(_:_:)``.
    public init?(reason: Int32, hasCertificate: Bool) {
        switch reason {
        case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED: self = .missing
        // TLS 1.2 has no alert of its own for it.
        case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE where !hasCertificate: self = .missing
        case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE,
            SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED, SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED,
            SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN, SSL_R_TLSV1_ALERT_UNKNOWN_CA:
            self = hasCertificate ? .refused : .missing
        default: return nil
        }
    }
}
