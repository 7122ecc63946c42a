import Glibc

/// Why a file that a connection string names cannot be used for TLS. It holds no secret.
public struct TLSFileError: Error, Equatable, CustomStringConvertible {
    enum Problem: Equatable {
        case outOfMemory
        case noCertificate(String)
        case noKey(String, hasPassword: Bool)
        case mismatch(String)
    }

    /// The option that names the file, such as `tlsCAFile`.
    public let option: String
    public let path: String
    private let problem: Problem
    private let format: String?

    init(option: String, path: String, _ problem: Problem) {
        self.option = option
        self.path = path
        self.problem = problem
        format = Self.format(of: path)
    }

    public var description: String {
        switch problem {
        case .outOfMemory: "out of memory"
        case .noCertificate(let reason):
            "\(option) \(path) holds no certificate in PEM\(format.map { ", but is \($0)" } ?? "") (OpenSSL: \(reason))"
        case .noKey(let reason, hasPassword: true) where Self.mayBeEncrypted(path):
            "the key in \(option) \(path) cannot be decrypted with tlsCertificateKeyFilePassword (OpenSSL: \(reason))"
        case .noKey(let reason, hasPassword: false) where Self.mayBeEncrypted(path):
            "the key in \(option) \(path) is encrypted: name its password with tlsCertificateKeyFilePassword"
                + " (OpenSSL: \(reason))"
        case .noKey(let reason, _): "\(option) \(path) holds no private key in PEM (OpenSSL: \(reason))"
        case .mismatch(let reason):
            "certificate and private key in \(option) \(path) do not belong together (OpenSSL: \(reason))"
        }
    }

    /// By the first bytes: both are ASN.1 in DER, or a Java key store.
    private static func format(of path: String) -> String? {
        let head = head(of: path, 16)
        if head.starts(with: [0xfe, 0xed, 0xfe, 0xed]) { return "a Java key store" }
        guard head.count > 8, head[0] == 0x30 else { return nil }
        // PKCS#12 begins with the version 3 (RFC 7292, section 4).
        let content = head[1] < 0x80 ? 2 : 2 + Int(head[1] & 0x7f)
        return head.dropFirst(content).starts(with: [0x02, 0x01, 0x03]) ? "PKCS#12" : "DER"
    }

    /// PEM says so in a line of its own (RFC 7468, section 11; RFC 1421, section 4.6.1.1).
    private static func mayBeEncrypted(_ path: String) -> Bool {
        let text = head(of: path, 256 << 10)
        return ["BEGIN ENCRYPTED PRIVATE KEY", "Proc-Type: 4,ENCRYPTED"].contains { mark in
            let mark = Array(mark.utf8)
            return text.indices.contains { text[$0] == mark[0] && text[$0...].starts(with: mark) }
        }
    }

    private static func head(of path: String, _ count: Int) -> [UInt8] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: count)
        return Array(bytes[..<fread(&bytes, 1, count, file)])
    }
}
