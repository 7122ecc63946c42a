import COpenSSL
import Glibc

/// What a person needs to know of an X.509 certificate (RFC 5280).
public struct Certificate: Sendable, Equatable {
    /// Such as `O = Example, CN = mongo.example.com`.
    public let subject: String
    public let issuer: String
    /// DNS names and IP addresses (subject alternative names).
    public let names: [String]
    /// Days in UTC, such as `2026-11-27 09:30:00`.
    public let notBefore: String
    public let notAfter: String
    /// Such as `sha256WithRSAEncryption`.
    public let signature: String
    /// Such as `RSA`, and its size.
    public let keyType: String
    public let keyBits: Int32
    /// Whether its extended key usage, where it has one, names servers.
    public let isForServers: Bool

    /// - Parameter certificate: borrowed.
    init(_ certificate: OpaquePointer) {
        subject = Self.text(X509_get_subject_name(certificate))
        issuer = Self.text(X509_get_issuer_name(certificate))
        names = Self.names(of: certificate)
        notBefore = Self.text(of: X509_get0_notBefore(certificate))
        notAfter = Self.text(of: X509_get0_notAfter(certificate))
        signature = OBJ_nid2ln(X509_get_signature_nid(certificate)).map { String(cString: $0) } ?? "unknown"
        let key = X509_get0_pubkey(certificate)
        keyBits = key.map { EVP_PKEY_get_bits($0) } ?? 0
        keyType = key.flatMap { EVP_PKEY_get0_type_name($0) }.map { String(cString: $0) } ?? "unknown"
        let extended = X509_get_extended_key_usage(certificate)
        isForServers = extended == UInt32.max || extended & UInt32(XKU_SSL_SERVER | XKU_ANYEKU) != 0
    }

    private static func text(_ name: OpaquePointer?) -> String {
        guard let text = copenssl_text_of_name(name) else { return "unknown" }
        defer { copenssl_free(text) }
        return String(cString: text)
    }

    private static func text(of time: UnsafePointer<ASN1_TIME>?) -> String {
        var parts = tm()
        guard ASN1_TIME_to_tm(time, &parts) == 1 else { return "unknown" }
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let date = "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
        return "\(date) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
    }

    private static func names(of certificate: OpaquePointer) -> [String] {
        guard let extensionValue = X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else { return [] }
        let names = OpaquePointer(extensionValue)
        defer { copenssl_free_names(names) }
        return (0..<copenssl_name_count(names)).compactMap { index in
            var type: Int32 = 0
            guard let name = copenssl_name(names, index), let value = GENERAL_NAME_get0_value(name, &type) else {
                return nil
            }
            let string = value.assumingMemoryBound(to: ASN1_STRING.self)
            let bytes = UnsafeBufferPointer(
                start: ASN1_STRING_get0_data(string), count: Int(ASN1_STRING_length(string)))
            switch type {
            case GEN_DNS: return String(decoding: bytes, as: UTF8.self)
            case GEN_IPADD: return address(bytes)
            default: return nil
            }
        }
    }

    private static func address(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard bytes.count == 4 || bytes.count == 16,
            inet_ntop(family, bytes.baseAddress, &text, socklen_t(text.count)) != nil
        else { return nil }
        return text.text
    }
}
