import MongoClient

/// Where and how the sidecar connects, by Envoy's `/config_dump`.
struct SidecarCluster: Sendable {
    /// Whether the sidecar speaks TLS of its own there.
    let originatesTLS: Bool
    /// Whether every connection goes where the service wanted, so that there is no endpoint before one.
    let isOriginalDestination: Bool
    /// Whether the sidecar asks DNS for the endpoints' addresses.
    let isLookedUp: Bool
    /// The names that it asks for; none where they come with the connections.
    let names: [String]

    init?(_ dump: JSONDocument) {
        let cluster = "configs.0.cluster"
        guard dump.has(cluster) else { return nil }
        originatesTLS =
            dump.has("\(cluster).transport_socket")
            || dump.has("\(cluster).transport_socket_matches.0.transport_socket.typed_config.common_tls_context")
        let type = dump.string("\(cluster).type") ?? dump.string("\(cluster).cluster_type.name") ?? ""
        isOriginalDestination = type == "ORIGINAL_DST"
        isLookedUp = ["STRICT_DNS", "LOGICAL_DNS", "envoy.clusters.dynamic_forward_proxy"].contains(type)
        names = dump.elements("\(cluster).load_assignment.endpoints").flatMap { locality in
            dump.elements("\(locality).lb_endpoints").compactMap {
                dump.string("\($0).endpoint.address.socket_address.address")
            }
        }
    }
}
