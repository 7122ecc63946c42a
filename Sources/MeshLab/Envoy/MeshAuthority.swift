import Foundation

/// The mesh's certification authority, in istiod's place: P-256 keys in files, valid for a day.
struct MeshAuthority: Sendable {
    private let directory: String
    var root: String { "\(directory)/root-cert.pem" }
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
        try Secrets.write(ca: authority.root, as: Secrets.root, to: "\(directory)/root.json")
        return authority
    }

    /// A certificate for a workload, as Istio's agent asks one of istiod: the SPIFFE name is all that counts in it.
    ///
    /// - Returns: it and the mesh's root.
    func secrets(for workload: Workload) async throws -> Secrets {
        let base = "\(directory)/\(workload.serviceAccount)"
        let secrets = Secrets(files: [
            Secrets.own: "\(base).json", Secrets.root: "\(directory)/root.json",
        ])
        guard !FileManager.default.fileExists(atPath: "\(base).json") else { return secrets }
        try await Command.run(
            "openssl",
            Self.request(key: base + ".key", out: base + ".pem") + [
                "-CA", root, "-CAkey", rootKey, "-subj", "/", "-addext", "basicConstraints=critical,CA:FALSE",
                "-addext", "extendedKeyUsage=serverAuth,clientAuth",
                "-addext", "subjectAltName=critical,URI:\(workload.identity)",
            ])
        // Throw-away keys of one run, in its own mount namespace; the proxies are another user.
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: base + ".key")
        let certificate: JSON = [
            "certificate_chain": ["filename": "\(base).pem"], "private_key": ["filename": "\(base).key"],
        ]
        try Secrets.response(Secrets.own, ["tls_certificate": certificate]).text()
            .write(toFile: "\(base).json", atomically: true, encoding: .utf8)
        return secrets
    }

    private static func request(key: String, out: String) -> [String] {
        [
            "req", "-x509", "-days", "1", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc",
            "-keyout", key, "-out", out,
        ]
    }
}
