/// A Gateway of the Gateway API, of class `istio`, as far as the lab understands it. Istio makes its Deployment, Service and
/// ServiceAccount, and reads it as a Gateway of its own.
/// Reference: <https://gateway-api.sigs.k8s.io/reference/spec/#gateway>,
/// <https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/>
public struct KubernetesGateway: Codable, Sendable {
    public struct TLS: Codable, Sendable {
        public var mode: String
        public var options: [String: String]?
    }

    public struct Listener: Codable, Sendable {
        public var name: String
        public var hostname: String
        public var port: Int
        public var `protocol`: String
        public var tls: TLS
    }

    public var gatewayClassName: String
    public var listeners: [Listener]

    /// The label that Istio gives to the gateway's pods.
    static let nameLabel = "gateway.networking.k8s.io/gateway-name"

    /// The name of its Service and its ServiceAccount.
    static func serviceName(_ gateway: String) -> String { "\(gateway)-istio" }

    /// - Throws: ``LabError`` for a class or a TLS mode that the lab does not know.
    static func translated(_ resource: Resource<KubernetesGateway>) throws -> Resource<Gateway> {
        guard resource.spec.gatewayClassName == "istio" else {
            throw LabError("the lab does not know the gateway class \(resource.spec.gatewayClassName)")
        }
        let servers = try resource.spec.listeners.map { listener in
            Gateway.Server(
                port: Port(number: listener.port, name: listener.name, protocol: listener.protocol),
                hosts: [listener.hostname], tls: Gateway.TLS(mode: try mode(listener.tls)))
        }
        return Resource(
            apiVersion: resource.apiVersion, kind: resource.kind, metadata: resource.metadata,
            spec: Gateway(selector: [nameLabel: resource.metadata.name], servers: servers))
    }

    private static func mode(_ tls: TLS) throws -> String {
        switch (tls.mode, tls.options) {
        case ("Passthrough", nil): "PASSTHROUGH"
        case ("Terminate", ["gateway.istio.io/tls-terminate-mode": "ISTIO_MUTUAL"]): "ISTIO_MUTUAL"
        default: throw LabError("the lab does not know a listener's TLS \(tls.mode) with \(tls.options ?? [:])")
        }
    }
}
