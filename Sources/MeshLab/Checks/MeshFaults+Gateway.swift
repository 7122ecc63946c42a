/// Faults of the egress gateway, and of what lies behind it.
extension MeshFaults {
    private static let gatewayHost = "istio-egressgateway.istio-system.svc.cluster.local"

    var ofGateway: [MeshFault] {
        guard let gateway = lab.gateway else { return [] }
        let lab = lab
        let passed =
            "the sidecar passed the connection to the egress gateway \(Self.gatewayHost) at \(Topology.gateway):PORT, "
        let closed = SeenFault(
            .sidecar, "closedBehindGateway",
            passed + "which closed it after N ms: an AuthorizationPolicy refuses this identity, no rule of the gateway "
                + "takes it, or the gateway cannot connect to \(database)")
        let unreachable = SeenFault(
            .sidecar, "gatewayUnreachable", passed + "which refused it or did not agree on mutual TLS")
        let nowhere = "the sidecar has nowhere to pass the connection to: "
        let cluster = "outbound|443|mongo|\(Self.gatewayHost)"
        let configurations = ["tls-gateway-mtls"]
        let restore: @Sendable () async throws -> Void = { try await lab.sidecar.push(lab.sidecarSnapshot()) }
        return [
            fault(
                "gateway-down", "gateway down", in: configurations, unreachable,
                make: { await gateway.stop() }, mend: { try await gateway.start() }),
            fault(
                "gateway-without-listener", "gateway without the listener", in: configurations, unreachable,
                make: { try await gateway.push(Snapshot()) }, mend: { try await gateway.push(lab.gatewaySnapshot()) }),
            fault(
                "gateway-without-pod", "no pod of the gateway", in: configurations,
                .init(.sidecar, "gatewayWithoutEndpoint", nowhere + "\(Self.gatewayHost) has no ready pod"),
                make: {
                    try await lab.sidecar.push(lab.sidecarSnapshot().changing(cluster) { $0.withoutEndpoints() })
                }, mend: restore),
            fault(
                "gateway-without-port", "the gateway's Service lacks the port", in: configurations,
                .init(
                    .sidecar, "gatewayPortMissing",
                    nowhere + "it knows no \(cluster), so the Service \(Self.gatewayHost) lacks the port or the "
                        + "DestinationRule the subset"),
                make: { try await lab.sidecar.push(lab.sidecarSnapshot().changing(cluster) { _ in nil }) },
                mend: restore),
            fault(
                "another-identity", "refused by the AuthorizationPolicy", in: configurations, closed,
                make: {
                    var other = Workload.ratings
                    other.serviceAccount = "bookinfo-reviews"
                    try await lab.sidecar.push(lab.sidecarSnapshot(as: other))
                }, mend: restore),
            fault(
                "database-down-behind-gateway", "database down behind the gateway", in: configurations, closed,
                make: { await lab.database.get()?.kill() }, mend: { try await lab.database.get()?.start() }),
            fault(
                "client-certificate-required", "a server behind the gateway that refuses in TLS's own words",
                in: configurations,
                .init(
                    .tls, "clientCertificateRequired",
                    "\(database) requires a certificate of the client, and got none (sslv3 alert handshake failure)"),
                make: {
                    await lab.database.get()?.kill()
                    lab.refusing.set(try await RefusingServer.start(lab))
                },
                mend: {
                    await lab.refusing.get()?.stop(grace: .zero)
                    try await lab.database.get()?.start()
                }),
            fault(
                "database-black-holed-behind-gateway", "database's address black-holed behind the gateway",
                in: configurations, .init(.sidecar, "gatewaySilent", passed + "and nothing came back for N ms"),
                make: { try await Router.allow([.init(from: .pod, to: .egress)]) },
                mend: { try await Router.allow(lab.flows) }),
        ]
    }
}

extension Snapshot {
    /// With another cluster in place of one, or none.
    fileprivate func changing(_ name: String, _ change: (JSON) -> JSON?) -> Snapshot {
        var copy = self
        copy.clusters = clusters.compactMap { $0["name"]?.string == name ? change($0) : $0 }
        return copy
    }
}

extension JSON {
    fileprivate func withoutEndpoints() -> JSON {
        var cluster = self
        cluster["load_assignment"] = ["cluster_name": self["name"] ?? .null]
        return cluster
    }
}
