// Istio's networking resources, as far as the lab understands them; Manifests refuses what goes beyond.
// Reference: https://istio.io/latest/docs/reference/config/networking/

public struct Port: Codable, Sendable, Hashable {
    public var number: Int
    public var name: String?
    public var `protocol`: String?
}

public struct Destination: Codable, Sendable, Hashable {
    public var host: String
    public var subset: String?
    public var port: Port

    /// The name that istiod gives to the cluster.
    public var cluster: String { "outbound|\(port.number)|\(subset ?? "")|\(host)" }

    /// The SNI between proxies where no rule names one.
    var meshSNI: String { "outbound_.\(port.number)_.\(subset ?? "")_.\(host)" }
}

public struct ServiceEntry: Codable, Sendable {
    public struct Endpoint: Codable, Sendable {
        public var address: String
    }

    public var hosts: [String]
    public var addresses: [String]?
    public var ports: [Port]
    public var location: String
    public var resolution: String
    public var endpoints: [Endpoint]?
    public var exportTo: [String]?
}

public struct VirtualService: Codable, Sendable {
    public struct Match: Codable, Sendable {
        public var gateways: [String]?
        public var port: Int?
        public var sniHosts: [String]?
    }

    public struct Target: Codable, Sendable {
        public var destination: Destination
    }

    public struct Route: Codable, Sendable {
        public var match: [Match]
        public var route: [Target]
    }

    public var hosts: [String]
    public var gateways: [String]?
    public var exportTo: [String]?
    public var tls: [Route]?
    public var tcp: [Route]?

    /// Destinations of the routes that hold for a gateway (or `mesh`) and a port, with the names they hold for.
    func routes(_ routes: [Route]?, at gateway: String, port: Int) -> [(sniHosts: [String], destination: Destination)] {
        (routes ?? []).flatMap { route in
            route.match.compactMap { match in
                let applies = (match.gateways ?? gateways ?? ["mesh"]).contains(gateway)
                guard applies, match.port == nil || match.port == port, let target = route.route.first else {
                    return nil
                }
                return (match.sniHosts ?? [], target.destination)
            }
        }
    }
}

public struct DestinationRule: Codable, Sendable {
    public struct TLS: Codable, Sendable {
        public var mode: String
        public var sni: String?
        public var subjectAltNames: [String]?
        public var credentialName: String?
        /// A file in the sidecar's container.
        public var caCertificates: String?
    }

    public struct TCPKeepalive: Codable, Sendable {
        public var time: String
        public var interval: String
        public var probes: Int
    }

    public struct TCPSettings: Codable, Sendable {
        public var tcpKeepalive: TCPKeepalive
    }

    public struct ConnectionPool: Codable, Sendable {
        public var tcp: TCPSettings
    }

    public struct PortSettings: Codable, Sendable {
        public var port: Port
        public var tls: TLS?
        public var connectionPool: ConnectionPool?
    }

    public struct TrafficPolicy: Codable, Sendable {
        public var tls: TLS?
        public var connectionPool: ConnectionPool?
        public var portLevelSettings: [PortSettings]?

        /// What holds for a port: its own settings, whole, or else the policy's.
        func settings(port: Int) -> (tls: TLS?, connectionPool: ConnectionPool?) {
            guard let own = portLevelSettings?.first(where: { $0.port.number == port }) else {
                return (tls, connectionPool)
            }
            return (own.tls, own.connectionPool)
        }
    }

    public struct Subset: Codable, Sendable {
        public var name: String
        public var trafficPolicy: TrafficPolicy?
    }

    public struct WorkloadSelector: Codable, Sendable {
        public var matchLabels: [String: String]
    }

    public var host: String
    public var workloadSelector: WorkloadSelector?
    public var trafficPolicy: TrafficPolicy?
    public var subsets: [Subset]?
    public var exportTo: [String]?
}

public struct Gateway: Codable, Sendable {
    public struct TLS: Codable, Sendable {
        public var mode: String
    }

    public struct Server: Codable, Sendable {
        public var port: Port
        public var hosts: [String]
        public var tls: TLS?
    }

    public var selector: [String: String]
    public var servers: [Server]
}

/// The resource of kind Sidecar: what a namespace's sidecars may reach.
public struct SidecarScope: Codable, Sendable {
    public struct OutboundTrafficPolicy: Codable, Sendable {
        public var mode: String
    }

    public struct Egress: Codable, Sendable {
        public var hosts: [String]
    }

    public var outboundTrafficPolicy: OutboundTrafficPolicy
    public var egress: [Egress]
}

public struct EnvoyFilter: Codable, Sendable {
    public struct WorkloadSelector: Codable, Sendable {
        public var labels: [String: String]
    }

    public struct Filter: Codable, Sendable {
        public var name: String
    }

    public struct FilterChain: Codable, Sendable {
        public var sni: String
        public var filter: Filter
    }

    public struct Listener: Codable, Sendable {
        /// nil: any.
        public var portNumber: Int?
        public var filterChain: FilterChain
    }

    public struct Match: Codable, Sendable {
        public var context: String
        public var listener: Listener?
    }

    public struct Patch: Codable, Sendable {
        public var operation: String
        public var value: JSON
    }

    public struct ConfigPatch: Codable, Sendable {
        public var applyTo: String
        public var match: Match
        public var patch: Patch
    }

    public var priority: Int?
    public var workloadSelector: WorkloadSelector
    public var configPatches: [ConfigPatch]
}
