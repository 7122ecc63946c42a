/// What istiod does: turns manifests into the configuration of one workload's proxy.
struct Translation: Sendable {
    var registry: Registry
    /// Where a gateway logs the identities of both sides; Istio's default format leaves them out.
    var peerLog = "/dev/null"

    /// - Throws: ``LabError`` for what the lab does not know, and for an EnvoyFilter that matches nothing.
    func snapshot() throws -> Snapshot {
        var snapshot = Snapshot()
        let context: EnvoyFilterPatches.Context
        if registry.workload.isGateway {
            try GatewayListeners(registry: registry, peerLog: peerLog).add(to: &snapshot)
            context = .gateway
        } else {
            SidecarInbound().add(to: &snapshot)
            try SidecarOutbound(registry: registry).add(to: &snapshot)
            context = .sidecarOutbound
        }
        try EnvoyFilterPatches(manifests: registry.manifests, workload: registry.workload, context: context)
            .apply(to: &snapshot)
        return snapshot
    }
}
