import Foundation

/// Shows what a gateway refuses.
struct GatewayChecks {
    var lab: Lab
    var gateway: Envoy

    func run(_ list: Checklist) async {
        if lab.configuration.mutualTLS?.only != nil {
            await list.check("another identity is refused") { try await otherIdentity() }
        }
        if let fate = lab.configuration.forgedSNI {
            await list.check("a forged SNI \(fate.rawValue)") {
                try await ForgedNameChecks(lab: lab, gateway: gateway).run()
            }
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
}

extension Lab {
    /// Gives the sidecar another configuration for a while, with no connection of before left.
    func withSidecar(_ snapshot: Snapshot, _ body: () async throws -> Void) async throws {
        await ratings.stop()
        try await sidecar.push(snapshot)
        try await startRatings()
        try await mended(body, by: restore)
    }

    /// Gives the sidecar another configuration, and the service a fresh start.
    ///
    /// - Parameter isOver: whether the service has asked and ended when this returns, so that the proxies' logs hold its
    ///   connections and no others.
    func replaceSidecar(_ snapshot: Snapshot, isOver: Bool = false) async throws {
        await ratings.stop()
        if isOver {
            for proxy in [sidecar, gateway].compactMap({ $0 }) { try await proxy.waitUntilIdle() }
            for proxy in [sidecar, gateway].compactMap({ $0 }) {
                truncate(proxy.accessLogFile, 0)
                truncate(proxy.peerLogFile, 0)
            }
        }
        try await sidecar.push(snapshot)
        try await startRatings()
        _ = try await Reviews.get()
        guard isOver else { return }
        await ratings.stop()
        for proxy in [sidecar, gateway].compactMap({ $0 }) { try await proxy.waitUntilIdle() }
    }

    /// Back to the configuration's own sidecar, with no connection of before left.
    func restore() async throws {
        await ratings.stop()
        try await sidecar.push(sidecarSnapshot())
        try await startRatings()
        // A first connection that meets the change is an outage, which is looked at again after a second.
        do {
            try await wait("the service to answer again", within: .seconds(5)) {
                try await Reviews.get().body == configuration.body
            }
        } catch {
            throw LabError("\(error); it says\n\(ratings.lines().joined(separator: "\n"))")
        }
    }
}
