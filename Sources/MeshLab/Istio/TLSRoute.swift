/// A TLSRoute of the Gateway API, which Istio reads as a VirtualService of its own: for sidecars where its parent is a
/// ServiceEntry, for a gateway where it is a Gateway.
/// Reference: <https://gateway-api.sigs.k8s.io/reference/spec/#tlsroute>
public struct TLSRoute: Codable, Sendable {
    public struct ParentReference: Codable, Sendable {
        public var group: String?
        public var kind: String?
        public var name: String
        public var port: Int?
    }

    public struct BackendReference: Codable, Sendable {
        public var group: String?
        public var kind: String?
        public var name: String
        public var port: Int
    }

    public struct Rule: Codable, Sendable {
        public var backendRefs: [BackendReference]
    }

    public var parentRefs: [ParentReference]
    public var hostnames: [String]
    public var rules: [Rule]

    /// - Parameters:
    ///   - gateways: the Gateways there are.
    ///   - entries: the ServiceEntries there are.
    /// - Throws: ``LabError`` for a parent that does not exist, and a reference that the lab does not know.
    static func translated(
        _ resource: Resource<TLSRoute>, gateways: [Resource<Gateway>], entries: [Resource<ServiceEntry>]
    ) throws -> Resource<VirtualService> {
        let (route, namespace) = (resource.spec, resource.metadata.namespace)
        guard route.parentRefs.count == 1, let parent = route.parentRefs.first else {
            throw LabError("TLSRoute \(resource.metadata.name): the lab knows one parent only")
        }
        let targets = try route.rules.flatMap(\.backendRefs).map {
            VirtualService.Target(destination: try destination($0, namespace))
        }
        var service = VirtualService(hosts: route.hostnames)
        switch (parent.group, parent.kind) {
        case ("networking.istio.io", "ServiceEntry"):
            let isThere = entries.contains { $0.metadata.name == parent.name && $0.metadata.namespace == namespace }
            guard isThere else { throw LabError("TLSRoute \(resource.metadata.name): no ServiceEntry \(parent.name)") }
            service.gateways = ["mesh"]
            service.tls = [.init(match: [.init(port: parent.port, sniHosts: route.hostnames)], route: targets)]
        case (nil, nil):
            let gateway = gateways.first { $0.metadata.name == parent.name && $0.metadata.namespace == namespace }
            guard let gateway else { throw LabError("TLSRoute \(resource.metadata.name): no Gateway \(parent.name)") }
            service.gateways = [parent.name]
            if gateway.spec.servers.contains(where: { $0.tls?.mode == "PASSTHROUGH" }) {
                service.tls = [.init(match: [.init(sniHosts: route.hostnames)], route: targets)]
            } else {
                // Where the gateway has ended TLS, what it routes is TCP.
                service.tcp = [.init(match: [.init()], route: targets)]
            }
        default:
            throw LabError("TLSRoute \(resource.metadata.name): the lab does not know the parent \(parent)")
        }
        return Resource(
            apiVersion: resource.apiVersion, kind: resource.kind, metadata: resource.metadata, spec: service)
    }

    private static func destination(_ backend: BackendReference, _ namespace: String) throws -> Destination {
        switch (backend.group, backend.kind) {
        case (nil, nil):
            Destination(host: "\(backend.name).\(namespace).svc.cluster.local", port: Port(number: backend.port))
        case ("networking.istio.io", "Hostname"):
            Destination(host: backend.name, port: Port(number: backend.port))
        default:
            throw LabError("the lab does not know the backend \(backend)")
        }
    }
}
