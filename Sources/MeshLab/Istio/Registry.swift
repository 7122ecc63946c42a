/// What one workload sees of the manifests: the part of istiod that turns hosts into clusters.
struct Registry: Sendable {
    var manifests: Manifests
    var workload: Workload
    var tls: MeshTLS
    /// Where the pod of the egress gateway is.
    var gatewayAddress = Topology.gateway
    /// Whether the workload has addresses of both families; otherwise it has one of IPv4.
    var isDualStack = false

    /// Whether names are looked up as A or as AAAA records: as the workload's own addresses are.
    var family: String { isDualStack ? "ALL" : "V4_ONLY" }

    var serviceEntries: [ServiceEntry] {
        manifests.serviceEntries
            .filter { $0.isVisible(in: workload.namespace, exportTo: $0.spec.exportTo) }.map(\.spec)
    }

    var virtualServices: [Resource<VirtualService>] {
        manifests.virtualServices.filter { $0.isVisible(in: workload.namespace, exportTo: $0.spec.exportTo) }
    }

    /// The rule for a host: its own, or else that of the longest wildcard.
    private func destinationRule(_ host: String) -> DestinationRule? {
        manifests.destinationRules
            .filter { $0.isVisible(in: workload.namespace, exportTo: $0.spec.exportTo) }.map(\.spec)
            .filter { rule in
                let isOfHost = rule.host == host || (rule.host.hasPrefix("*") && host.hasSuffix(rule.host.dropFirst()))
                return isOfHost && workload.isSelected(by: rule.workloadSelector?.matchLabels ?? [:])
            }
            .max { ($0.host == host ? Int.max : $0.host.count) < ($1.host == host ? Int.max : $1.host.count) }
    }

    /// The Service of an egress gateway.
    private func gateway(_ host: String) -> Workload? {
        manifests.gateways.map(Workload.gateway).first { $0.serviceHost == host }
    }

    /// The cluster of a destination, as istiod makes it from the registry and the DestinationRule.
    ///
    /// - Throws: ``LabError`` where nothing by that name is visible to the workload.
    func cluster(_ destination: Destination) throws -> JSON {
        var cluster = try plainCluster(destination)
        let rule = destinationRule(destination.host)
        var policy = rule?.trafficPolicy
        if let name = destination.subset {
            guard let subset = rule?.subsets?.first(where: { $0.name == name }) else {
                throw LabError(
                    "no DestinationRule visible in \(workload.namespace) has subset \(name) of \(destination.host)")
            }
            policy = subset.trafficPolicy ?? policy
        }
        let settings = policy?.settings(port: destination.port.number)
        let gateway = gateway(destination.host)
        if let tls = settings?.tls {
            cluster["transport_socket"] = try transport(tls, to: destination, gateway)
        } else if let gateway {
            cluster["transport_socket_matches"] = try tls.automatic(
                sni: destination.meshSNI, identities: [gateway.identity])
        }
        if let keepalive = settings?.connectionPool?.tcp.tcpKeepalive {
            cluster["upstream_connection_options"] = ["tcp_keepalive": try EnvoyCluster.keepalive(keepalive)]
        }
        return cluster
    }

    private func transport(_ settings: DestinationRule.TLS, to destination: Destination, _ gateway: Workload?) throws
        -> JSON?
    {
        switch settings.mode {
        case "DISABLE": nil
        case "ISTIO_MUTUAL":
            try tls.upstream(
                sni: settings.sni ?? destination.meshSNI, identities: gateway.map { [$0.identity] } ?? [])
        case "SIMPLE": try tls.origination(settings)
        case let mode: throw LabError("the lab does not know the TLS mode \(mode)")
        }
    }

    private func plainCluster(_ destination: Destination) throws -> JSON {
        let port = destination.port.number
        if gateway(destination.host) != nil {
            return EnvoyCluster.known(destination.cluster, [(gatewayAddress, port)], arePods: true)
        }
        guard let entry = serviceEntries.first(where: { $0.hosts.contains(destination.host) }) else {
            throw LabError("no ServiceEntry for \(destination.host) is visible in \(workload.namespace)")
        }
        let endpoints = entry.endpoints ?? []
        switch entry.resolution {
        case "STATIC":
            return EnvoyCluster.known(destination.cluster, endpoints.map { ($0.address, port) })
        case "DNS":
            let names = endpoints.isEmpty ? [destination.host] : endpoints.map(\.address)
            return EnvoyCluster.dns(destination.cluster, names.map { ($0, port) }, family: family)
        case "DYNAMIC_DNS":
            return EnvoyCluster.dynamicDNS(destination.cluster, domain: destination.host, family: family)
        case "NONE":
            // What reaches a gateway was sent to the gateway, so that there the original destination says nothing.
            return workload.isGateway
                ? EnvoyCluster.known(destination.cluster, []) : EnvoyCluster.originalDestination(destination.cluster)
        case let resolution:
            throw LabError("the lab does not know the resolution \(resolution)")
        }
    }
}
