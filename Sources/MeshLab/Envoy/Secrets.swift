/// Certificates and keys under the names by which istiod asks for them; in the lab they lie in files, each in the form of an
/// SDS response (<https://www.envoyproxy.io/docs/envoy/latest/configuration/security/secret>).
struct Secrets: Sendable {
    /// A workload's own certificate, and the mesh's root.
    static let own = "default"
    static let root = "ROOTCA"

    /// Paths, by the secret's name.
    var files: [String: String]

    /// Where Envoy gets a secret.
    ///
    /// - Throws: ``LabError`` for one that the lab does not have.
    func source(_ name: String) throws -> JSON {
        guard let file = files[name] else { throw LabError("the lab has no secret '\(name)'") }
        var source: JSON = ["path_config_source": ["path": .string(file)], "resource_api_version": "V3"]
        if name == Self.own || name == Self.root { source["initial_fetch_timeout"] = "0s" }
        return ["name": .string(name), "sds_config": source]
    }

    /// The content of a file with one secret.
    static func response(_ name: String, _ members: JSON) -> JSON {
        let secret: JSON = [
            "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret", "name": .string(name),
        ]
        return ["version_info": "1", "resources": [secret.merging(members)]]
    }

    /// Writes a CA certificate as a secret.
    ///
    /// - Parameters:
    ///   - certificate: the file in PEM form.
    ///   - path: where the secret goes.
    static func write(ca certificate: String, as name: String, to path: String) throws {
        try response(name, ["validation_context": ["trusted_ca": ["filename": .string(certificate)]]]).text()
            .write(toFile: path, atomically: true, encoding: .utf8)
    }
}
