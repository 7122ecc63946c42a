/// What one workload sees of the manifests: the part of istiod that turns hosts into clusters.
struct Registry: Sendable {
    var manifests: Manifests
    var workload: Workload
    var tls: MeshTLS
    /// Where the CA certificates that DestinationRules name lie in the lab.
    var files: [String: String] = [:]

    var serviceEntries: [ServiceEntry] {
        manifests.serviceEntries
            .filter { $0.isVisible(in: workload.namespace, exportTo: $0.spec.exportTo) }.map(\.spec)
    }

    var virtualServices: [Resource<VirtualService>] {
        manifests.virtualServices.filter { $0.isVisible(in: workload.namespace, exportTo: $0.spec.exportTo) }
    }

    private var destinationRules: [DestinationRule] {
        manifests.destinationRules
            .filter { $0.isVisible(in: workload.namespace, exportTo: $0.spec.exportTo) }.map(\.spec)
    }

    /// The cluster of a destination, as istiod makes it from the registry and the DestinationRule.
    ///
    /// - Throws: ``LabError`` where nothing by that name is visible to the workload.
    func cluster(_ destination: Destination) throws -> JSON {
        var cluster = try plainCluster(destination)
        let rule = destinationRules.first { $0.host == destination.host }
        var policy = rule?.trafficPolicy
        if let name = destination.subset {
            guard let subset = rule?.subsets?.first(where: { $0.name == name }) else {
                throw LabError(
                    "no DestinationRule visible in \(workload.namespace) has subset \(name) of \(destination.host)")
            }
            policy = subset.trafficPolicy ?? policy
        }
        if let settings = policy?.tls(port: destination.port.number) {
            cluster["transport_socket"] = try transport(settings)
        }
        return cluster
    }

    private func transport(_ settings: DestinationRule.TLS) throws -> JSON? {
        switch settings.mode {
        case "DISABLE":
            return nil
        case "ISTIO_MUTUAL":
            return tls.upstream(sni: settings.sni)
        case "SIMPLE":
            guard let named = settings.caCertificates, let file = files[named] else {
                throw LabError(
                    "the lab has no CA for \(settings.caCertificates ?? "a DestinationRule that names none")")
            }
            return MeshTLS.origination(settings, caFile: file)
        case let mode:
            throw LabError("the lab does not know the TLS mode \(mode)")
        }
    }

    private func plainCluster(_ destination: Destination) throws -> JSON {
        let port = destination.port.number
        if destination.host.hasSuffix(".istio-system.svc.cluster.local") {
            // A Service of the cluster: its one endpoint is the gateway, on the same port.
            return EnvoyPart.staticCluster(destination.cluster, [(Topology.gateway, port)])
        }
        guard let entry = serviceEntries.first(where: { $0.hosts.contains(destination.host) }) else {
            throw LabError("no ServiceEntry for \(destination.host) is visible in \(workload.namespace)")
        }
        let endpoints = entry.endpoints ?? []
        switch entry.resolution {
        case "STATIC":
            return EnvoyPart.staticCluster(destination.cluster, endpoints.map { ($0.address, port) })
        case "DNS":
            let names = endpoints.isEmpty ? [destination.host] : endpoints.map(\.address)
            return EnvoyPart.dnsCluster(destination.cluster, names.map { ($0, port) })
        case "NONE":
            return EnvoyPart.originalDestinationCluster(destination.cluster)
        case let resolution:
            throw LabError("the lab does not know the resolution \(resolution)")
        }
    }
}
