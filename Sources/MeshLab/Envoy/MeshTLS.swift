/// TLS contexts as istiod writes them.
struct MeshTLS: Sendable {
    var secrets: Secrets

    private static let versions: JSON = [
        "tls_minimum_protocol_version": "TLSv1_2", "tls_maximum_protocol_version": "TLSv1_3",
    ]

    /// The mesh's own certificates; peers have one of the mesh's root and, where there are any, one of these names.
    private func mutual(names: [String]) throws -> JSON {
        [
            "tls_certificate_sds_secret_configs": [try secrets.source(Secrets.own)],
            "combined_validation_context": validation(names, try secrets.source(Secrets.root)),
        ]
    }

    private func validation(_ names: [String], _ root: JSON) -> JSON {
        let context: JSON =
            names.isEmpty ? [:] : ["match_subject_alt_names": .array(names.map { ["exact": .string($0)] })]
        return ["default_validation_context": context, "validation_context_sds_secret_config": root]
    }

    /// ISTIO_MUTUAL towards another proxy.
    ///
    /// - Parameter identities: whom the other proxy may be.
    func upstream(sni: String, identities: [String]) throws -> JSON {
        Self.transport(
            "UpstreamTlsContext",
            [
                "sni": .string(sni),
                "common_tls_context": try mutual(names: identities).merging([
                    "tls_params": Self.versions, "alpn_protocols": ["istio-peer-exchange", "istio"],
                ]),
            ])
    }

    /// ISTIO_MUTUAL from other proxies.
    func downstream() throws -> JSON {
        Self.transport(
            "DownstreamTlsContext",
            [
                "require_client_certificate": true,
                "common_tls_context": try mutual(names: []).merging([
                    "alpn_protocols": ["istio-peer-exchange", "h2", "http/1.1"]
                ]),
            ])
    }

    /// SIMPLE: TLS to a server outside the mesh.
    ///
    /// - Throws: ``LabError`` for settings without a CA, or with one that the lab does not have.
    func origination(_ tls: DestinationRule.TLS) throws -> JSON {
        let secret = tls.credentialName.map { "\($0)-cacert" } ?? tls.caCertificates.map { "file-root:\($0)" }
        guard let secret else { throw LabError("a DestinationRule starts TLS and names no CA") }
        var context: JSON = [
            "common_tls_context": [
                "tls_params": Self.versions,
                "combined_validation_context": validation(tls.subjectAltNames ?? [], try secrets.source(secret)),
            ]
        ]
        if let sni = tls.sni { context["sni"] = .string(sni) }
        return Self.transport("UpstreamTlsContext", context)
    }

    /// Automatic mutual TLS towards a Service without settings of its own: by the label of each endpoint.
    func automatic(sni: String, identities: [String]) throws -> JSON {
        [
            [
                "name": "tlsMode-istio", "match": ["tlsMode": "istio"],
                "transport_socket": try upstream(sni: sni, identities: identities),
            ],
            [
                "name": "tlsMode-disabled", "match": [:],
                "transport_socket": EnvoyPart.typed(
                    "envoy.transport_sockets.raw_buffer", "envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer"),
            ],
        ]
    }

    private static func transport(_ type: String, _ context: JSON) -> JSON {
        EnvoyPart.typed("envoy.transport_sockets.tls", "envoy.extensions.transport_sockets.tls.v3.\(type)", context)
    }
}
