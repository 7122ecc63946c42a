/// The mutations of a configuration: each of its checks is shown able to fail.
struct WorldMutations {
    var lab: Lab

    /// - Parameter checks: the names of the checks that the configuration has, in their order.
    /// - Throws: ``LabError`` for a check that nothing here breaks.
    func all(_ checks: [String]) throws -> [Mutation] {
        try checks.map { check in
            guard let mutation = mutation(check) else {
                throw LabError("no mutation breaks '\(check)' of \(lab.configuration.name)")
            }
            return mutation
        }
    }

    private func mutation(_ check: String) -> Mutation? {
        switch check {
        case "answer": lab.configuration.isBlocked ? opened(check) : closed(check)
        case "no way past the gateway": wayPast(check)
        case "another name stays blocked": opened(check)
        case "no plain text on the wire": plain(check)
        case "idle connections are kept alive": silent(check)
        case "way": lab.configuration.isBlocked ? opened(check) : otherClusters(check)
        case "identities": otherIdentity(check)
        case "the service starts again": lab.configuration.isBlocked ? opened(check) : withoutDatabase(check)
        case "another identity is refused": withoutPolicies(check)
        case "a forged SNI is refused": withoutVerifier(check)
        case "a forged SNI reaches the host of the outer SNI only": oneHost(check)
        case "a database with an AAAA record only": withoutIPv6(check)
        case "trap: the database's address moves", "trap: an address in the URL under SNI routing": opened(check)
        // It gives the sidecar rules of its own.
        case "trap: a member that is not named", "a drain time of 5 s": pastSidecar(check)
        case "trap: TLS in the URL as well": withoutOrigination(check)
        case "diagnosis: no TLS in the URL", "diagnosis: past the sidecar that is to speak TLS": closed(check)
        // What does not reach a sidecar that goes by SNI looks as if it had been refused there.
        case "diagnosis: protocol TLS for a service that speaks none": withoutSidecar(check)
        case _ where check.hasPrefix("diagnosis: "): pastSidecar(check)
        default: withoutSidecar(check)
        }
    }

    // MARK: The sidecar's rules

    /// The ServiceEntries are removed.
    private func closed(_ check: String) -> Mutation {
        sidecar(check, "no ServiceEntry") { manifests, _ in
            manifests.serviceEntries = []
            manifests.virtualServices = []
            manifests.envoyFilters = []
        }
    }

    /// What no rule takes may go where it wants.
    private func opened(_ check: String) -> Mutation {
        sidecar(check, "ALLOW_ANY") { manifests, _ in
            for index in manifests.sidecarScopes.indices {
                manifests.sidecarScopes[index].spec.outboundTrafficPolicy.mode = "ALLOW_ANY"
            }
        }
    }

    /// The sidecar starts no TLS.
    func withoutOrigination(_ check: String) -> Mutation {
        sidecar(check, "no TLS by the sidecar") { manifests, _ in
            for index in manifests.destinationRules.indices {
                manifests.destinationRules[index].spec.trafficPolicy = nil
            }
        }
    }

    /// Another sidecar: with other manifests, or clusters. Traffic has passed when the check begins, if it looks at logs.
    private func sidecar(
        _ check: String, _ what: String, as workload: Workload = .ratings,
        _ change: @escaping @Sendable (inout Manifests, inout Snapshot) -> Void
    ) -> Mutation {
        let lab = lab
        let looksAtLogs = check == "way" || check == "identities"
        return Mutation(check: check, what: what) {
            var (manifests, none) = (lab.manifests, Snapshot())
            change(&manifests, &none)
            var snapshot = try await lab.sidecarSnapshot(manifests, as: workload)
            change(&manifests, &snapshot)
            try await lab.replaceSidecar(snapshot, isOver: looksAtLogs)
        } mend: {
            try await lab.replaceSidecar(lab.sidecarSnapshot(), isOver: looksAtLogs)
        }
    }

    /// The same ends by clusters of other names.
    private func otherClusters(_ check: String) -> Mutation {
        sidecar(check, "another cluster") { $1 = $1.renamingClusters() }
    }

    private func otherIdentity(_ check: String) -> Mutation {
        var other = Workload.ratings
        other.serviceAccount = "bookinfo-reviews"
        return sidecar(check, "another identity", as: other) { _, _ in }
    }

    /// No keepalive at all, from the sidecar or the gateway.
    private func silent(_ check: String) -> Mutation {
        let lab = lab
        return Mutation(check: check, what: "no keepalive") {
            try await lab.replaceSNIProxy { $0.replacing("proxy_socket_keepalive on;", with: "") }
            if let gateway = lab.gateway {
                try await gateway.push(lab.gatewaySnapshot().withoutKeepalive())
            }
            try await lab.replaceSidecar(lab.sidecarSnapshot().withoutKeepalive())
        } mend: {
            try await lab.replaceSNIProxy { $0 }
            if let gateway = lab.gateway { try await gateway.push(lab.gatewaySnapshot()) }
            try await lab.replaceSidecar(lab.sidecarSnapshot())
        }
    }

    private func withoutSidecar(_ check: String) -> Mutation {
        let lab = lab
        return Mutation(check: check, what: "no sidecar") {
            await lab.sidecar.stop()
        } mend: {
            try await lab.sidecar.start()
            try await lab.restore()
        }
    }

    /// The pod's traffic does not reach the sidecar.
    private func pastSidecar(_ check: String) -> Mutation {
        let lab = lab
        return Mutation(check: check, what: "a way past the sidecar") {
            try await PodFirewall.detach([.outbound], in: .pod)
        } mend: {
            try await PodFirewall.attach([.outbound], in: .pod)
            // Connections that were opened past it would go on.
            try await lab.restore()
        }
    }
}
