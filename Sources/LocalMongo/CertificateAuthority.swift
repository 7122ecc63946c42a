import Foundation
import Processes

/// A throw-away certification authority, made with the `openssl` command (OpenSSL 3.0 or newer): keys on the P-256 curve,
/// in files that only their owner can read. It is valid for two days.
public struct CertificateAuthority: Sendable {
    /// The CA's certificate, for `tlsCAFile`.
    public let certificateFile: String
    /// Its private key, mode 0600.
    public let keyFile: String
    private let directory: String

    /// Makes a CA.
    ///
    /// - Parameters:
    ///   - name: the certificate's common name, and the beginning of its files' names.
    ///   - directory: where to put them; its mode should be 0700.
    /// - Throws: ``LocalMongoError`` with openssl's own words.
    public static func make(named name: String = "ca", in directory: String) async throws -> CertificateAuthority {
        let authority = CertificateAuthority(
            certificateFile: "\(directory)/\(name).pem", keyFile: "\(directory)/\(name).key", directory: directory)
        try await OpenSSLCommand.run(
            ["req", "-x509", "-days", "2", "-subj", "/O=ratings throw-away/CN=\(name)"]
                + newKey(in: authority.keyFile)
                + ["-addext", "keyUsage=critical,keyCertSign,cRLSign", "-out", authority.certificateFile])
        return authority
    }

    /// Signs a new certificate, good for servers and for clients.
    ///
    /// - Parameters:
    ///   - name: its common name, and the beginning of its file's name.
    ///   - dnsNames: host names (subject alternative names), such as `localhost`.
    ///   - addresses: IP addresses (subject alternative names).
    ///   - directory: where to put its files; nil: where the CA's own are.
    ///   - validity: mongod refuses to start with a certificate that has expired already; one that runs out in a few
    ///     seconds shows what an expired certificate does to a driver.
    /// - Throws: ``LocalMongoError`` with openssl's own words.
    public func certificate(
        named name: String = "server",
        dnsNames: [String] = ["localhost"],
        addresses: [String] = ["127.0.0.1", "::1"],
        in directory: String? = nil,
        validity: Range<Date> = Date(timeIntervalSinceNow: -60)..<Date(timeIntervalSinceNow: 2 * 86400)
    ) async throws -> ServerCertificate {
        let directory = directory ?? self.directory
        let file = { (suffix: String) in "\(directory)/\(name).\(suffix)" }
        var request = ["req", "-new", "-subj", "/O=ratings throw-away/CN=\(name)"] + Self.newKey(in: file("key"))
        request += ["-addext", "basicConstraints=critical,CA:FALSE"]
        request += ["-addext", "extendedKeyUsage=serverAuth,clientAuth"]
        let alternativeNames = dnsNames.map { "DNS:\($0)" } + addresses.map { "IP:\($0)" }
        if !alternativeNames.isEmpty {
            request += ["-addext", "subjectAltName=" + alternativeNames.joined(separator: ",")]
        }
        try await OpenSSLCommand.run(request + ["-out", file("csr")])
        // `openssl ca` is the one command of OpenSSL 3.0 that takes both dates, to the second.
        try PrivateFile.write("", to: file("index"))
        try PrivateFile.write(
            """
            [ca]
            default_ca = throwaway
            [throwaway]
            database = \(file("index"))
            new_certs_dir = \(directory)
            rand_serial = yes
            default_md = sha256
            policy = any
            copy_extensions = copy
            unique_subject = no
            [any]
            organizationName = optional
            commonName = supplied
            """, to: file("cnf"))
        try await OpenSSLCommand.run([
            "ca", "-batch", "-notext", "-config", file("cnf"), "-cert", certificateFile, "-keyfile", keyFile,
            "-startdate", Self.text(of: validity.lowerBound), "-enddate", Self.text(of: validity.upperBound),
            "-in", file("csr"), "-out", file("crt"),
        ])
        try PrivateFile.join([file("crt"), file("key")], into: file("pem"))
        return ServerCertificate(certificateKeyFile: file("pem"), caFile: certificateFile)
    }

    private static func newKey(in file: String) -> [String] {
        ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-keyout", file]
    }

    /// ASN.1's GeneralizedTime, in UTC.
    private static func text(of date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        let numbers = [parts.month, parts.day, parts.hour, parts.minute, parts.second].map { $0 ?? 0 }
        return String(parts.year ?? 0) + numbers.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined() + "Z"
    }

}
