import Foundation

/// Shows what a gateway refuses.
struct GatewayChecks {
    var lab: Lab
    var gateway: Envoy

    func run(_ list: Checklist) async {
        if lab.configuration.mutualTLS?.only != nil {
            await list.check("another identity is refused") { try await otherIdentity() }
        }
        if lab.configuration.forgedSNI == "refused" {
            await list.check("a forged SNI is refused") { try await forgedSNI() }
        }
    }

    /// The same pod with the certificate of another service account.
    private func otherIdentity() async throws -> String {
        var other = Workload.ratings
        other.serviceAccount = "bookinfo-reviews"
        let before = try await gateway.count("rbac.denied$")
        try await lab.withSidecar(lab.sidecarSnapshot(as: other)) {
            let answer = try await Reviews.get()
            try require(answer.status == 500, "\(other.identity) got \(answer.status) \(answer.body)")
        }
        let denied = try await gateway.count("rbac.denied$") - before
        try require(denied > 0, "the gateway's RBAC filter refused nothing")
        let line = try gateway.accessLog().last { $0.termination.hasPrefix("rbac_access_denied") }
        guard let line else { throw LabError("the gateway's log has no line of a refusal") }
        return "\(other.identity): \(line.termination), \(denied) refused"
    }

    /// A sidecar that lies to the gateway: outside the name of one host, inside that of another.
    private func forgedSNI() async throws -> String {
        let forged = lab.site.parameters.members[1]
        var lie = try await lab.sidecarSnapshotWithoutEnvoyFilters()
        for index in lie.clusters.indices where lie.clusters[index]["transport_socket"] != nil {
            lie.clusters[index] = lie.clusters[index].merging([
                "transport_socket": ["typed_config": ["sni": .string(forged)]]
            ])
        }
        let before = try await gateway.count("sni_verifier.*rbac.denied$")
        try await lab.withSidecar(lie) {
            let answer = try await Reviews.get()
            try require(answer.status == 500, "outer \(forged), inner \(lab.target): \(answer.status) \(answer.body)")
        }
        let denied = try await gateway.count("sni_verifier.*rbac.denied$") - before
        try require(denied > 0, "the gateway's verifier refused nothing")
        let outer = try gateway.accessLog().contains { $0.serverName == forged && $0.cluster == "sni_verifier" }
        try require(outer, "the gateway's log does not show the forged name \(forged)")
        return "outside \(forged), inside \(lab.target): \(denied) refused"
    }
}

extension Lab {
    /// Gives the sidecar another configuration for a while, with no connection of before left.
    func withSidecar(_ snapshot: Snapshot, _ body: () async throws -> Void) async throws {
        await ratings.stop()
        try await sidecar.push(snapshot)
        try await startRatings()
        do {
            try await body()
        } catch {
            try await restore()
            throw error
        }
        try await restore()
    }

    private func restore() async throws {
        await ratings.stop()
        try await sidecar.push(sidecarSnapshot())
        try await startRatings()
        let answer = try await Reviews.get()
        try require(answer.body == configuration.body, "afterwards: \(answer.status) \(answer.body)")
    }

    /// The sidecar's configuration as if nobody had applied the EnvoyFilters.
    func sidecarSnapshotWithoutEnvoyFilters() async throws -> Snapshot {
        var manifests = manifests
        manifests.envoyFilters = []
        return try await sidecarSnapshot(manifests)
    }
}
