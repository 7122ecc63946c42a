/// TLS contexts for a proxy whose certificate lies in files.
struct MeshTLS: Sendable {
    /// Certificate chain, key, and the mesh's root, as Istio's agent hands them out.
    var certificate: String
    var key: String
    var root: String

    private var identity: JSON {
        [
            "certificate_chain": ["filename": .string(certificate)], "private_key": ["filename": .string(key)],
        ]
    }

    /// The root, and the trust domain: any workload of the mesh, nobody else.
    private func validation(_ names: [JSON]) -> JSON {
        [
            "trusted_ca": ["filename": .string(root)],
            "match_typed_subject_alt_names": .array(names.map { ["san_type": "URI", "matcher": $0] }),
        ]
    }

    /// ISTIO_MUTUAL towards another proxy.
    func upstream(sni: String?) -> JSON {
        var context: JSON = [
            "common_tls_context": [
                "tls_params": ["tls_minimum_protocol_version": "TLSv1_2", "tls_maximum_protocol_version": "TLSv1_3"],
                "tls_certificates": [identity],
                "validation_context": validation([["prefix": "spiffe://cluster.local/"]]),
                "alpn_protocols": ["istio"],
            ]
        ]
        if let sni { context["sni"] = .string(sni) }
        return Self.transport("UpstreamTlsContext", context)
    }

    /// ISTIO_MUTUAL from other proxies.
    func downstream() -> JSON {
        Self.transport(
            "DownstreamTlsContext",
            [
                "require_client_certificate": true,
                "common_tls_context": [
                    "tls_params": [
                        "tls_minimum_protocol_version": "TLSv1_2", "tls_maximum_protocol_version": "TLSv1_3",
                    ],
                    "tls_certificates": [identity],
                    "validation_context": validation([["prefix": "spiffe://cluster.local/"]]),
                    "alpn_protocols": ["istio-peer-exchange", "istio"],
                ],
            ])
    }

    /// SIMPLE: TLS to a server outside the mesh.
    ///
    /// - Parameter caFile: where the CA named in the DestinationRule lies here.
    static func origination(_ tls: DestinationRule.TLS, caFile: String) -> JSON {
        let names: [JSON] = (tls.subjectAltNames ?? []).map {
            ["san_type": "DNS", "matcher": ["exact": .string($0)]]
        }
        var context: JSON = [
            "common_tls_context": [
                "validation_context": [
                    "trusted_ca": ["filename": .string(caFile)], "match_typed_subject_alt_names": .array(names),
                ]
            ]
        ]
        if let sni = tls.sni { context["sni"] = .string(sni) }
        return transport("UpstreamTlsContext", context)
    }

    private static func transport(_ type: String, _ context: JSON) -> JSON {
        EnvoyPart.typed("envoy.transport_sockets.tls", "envoy.extensions.transport_sockets.tls.v3.\(type)", context)
    }
}
