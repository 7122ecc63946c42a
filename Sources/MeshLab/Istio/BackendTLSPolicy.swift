/// A BackendTLSPolicy of the Gateway API on a ServiceEntry, which Istio reads as a DestinationRule of its own. Its `hostname`
/// is the SNI only: istiod checks the server's name where `subjectAltNames` say so, and not else.
/// Reference: <https://gateway-api.sigs.k8s.io/api-types/backendtlspolicy/>
public struct BackendTLSPolicy: Codable, Sendable {
    public struct TargetReference: Codable, Sendable {
        public var group: String
        public var kind: String
        public var name: String
    }

    public struct CertificateReference: Codable, Sendable {
        public var group: String
        public var kind: String
        public var name: String
    }

    public struct Validation: Codable, Sendable {
        public var hostname: String
        public var caCertificateRefs: [CertificateReference]
    }

    public var targetRefs: [TargetReference]
    public var validation: Validation

    /// - Throws: ``LabError`` for a target or a certificate of another kind.
    static func translated(_ resource: Resource<BackendTLSPolicy>, entries: [Resource<ServiceEntry>]) throws
        -> [Resource<DestinationRule>]
    {
        let (policy, namespace) = (resource.spec, resource.metadata.namespace)
        guard let certificate = policy.validation.caCertificateRefs.first, certificate.kind == "ConfigMap" else {
            throw LabError("BackendTLSPolicy \(resource.metadata.name): the lab knows a CA of a ConfigMap only")
        }
        return try policy.targetRefs.flatMap { target in
            let entry = entries.first { $0.metadata.name == target.name && $0.metadata.namespace == namespace }
            guard target.kind == "ServiceEntry", let entry else {
                throw LabError("BackendTLSPolicy \(resource.metadata.name): no ServiceEntry \(target.name)")
            }
            return entry.spec.hosts.map { host in
                Resource(
                    apiVersion: resource.apiVersion, kind: resource.kind, metadata: resource.metadata,
                    spec: DestinationRule(
                        host: host,
                        trafficPolicy: .init(
                            tls: .init(
                                mode: "SIMPLE", sni: policy.validation.hostname,
                                credentialName: "configmap://\(namespace)/\(certificate.name)"))))
            }
        }
    }
}
