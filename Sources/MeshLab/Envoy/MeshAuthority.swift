import Foundation

/// The mesh's certification authority, in istiod's place: P-256 keys in files, valid for a day.
struct MeshAuthority: Sendable {
    private let directory: String
    private var root: String { "\(directory)/root-cert.pem" }
    private var rootKey: String { "\(directory)/root.key" }

    /// - Parameter directory: an empty one that the proxies may read.
    static func make(in directory: String) async throws -> MeshAuthority {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let authority = MeshAuthority(directory: directory)
        try await Command.run(
            "openssl",
            request(key: authority.rootKey, out: authority.root) + [
                "-subj", "/O=cluster.local", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
            ])
        return authority
    }

    /// A certificate for a workload, as Istio's agent asks one of istiod: the SPIFFE name is all that counts in it.
    func certificate(for workload: Workload) async throws -> MeshTLS {
        let base = "\(directory)/\(workload.serviceAccount)"
        let tls = MeshTLS(certificate: base + ".pem", key: base + ".key", root: root)
        guard !FileManager.default.fileExists(atPath: tls.certificate) else { return tls }
        try await Command.run(
            "openssl",
            Self.request(key: tls.key, out: tls.certificate) + [
                "-CA", root, "-CAkey", rootKey, "-subj", "/", "-addext", "basicConstraints=critical,CA:FALSE",
                "-addext", "extendedKeyUsage=serverAuth,clientAuth",
                "-addext", "subjectAltName=critical,URI:\(workload.identity)",
            ])
        // Throw-away keys of one run, in its own mount namespace; the proxies are another user.
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: tls.key)
        return tls
    }

    private static func request(key: String, out: String) -> [String] {
        [
            "req", "-x509", "-days", "1", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc",
            "-keyout", key, "-out", out,
        ]
    }
}
