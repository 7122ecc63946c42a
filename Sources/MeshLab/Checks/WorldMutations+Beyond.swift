/// Changes beyond the sidecar: at the router, the gateway and the database.
extension WorldMutations {
    func wayPast(_ check: String) -> Mutation {
        let lab = lab
        return Mutation(check: check, what: "a direct way past the gateway") {
            try await Router.allow(lab.flows + [.init(from: .pod, to: .external)])
        } mend: {
            try await Router.allow(lab.flows)
        }
    }

    /// The check starts the proxies anew itself.
    func withoutIPv6(_ check: String) -> Mutation {
        let rule = "FORWARD -o \(NetworkNamespace.external.name) -j DROP"
        return Mutation(check: check, what: "no way of IPv6 to the database") {
            try await Command.script("ip6tables -w -I \(rule)")
        } mend: {
            try await Command.script("ip6tables -w -D \(rule)")
        }
    }

    private func gateway(
        _ check: String, _ what: String, _ change: @escaping @Sendable (Snapshot) throws -> Snapshot
    ) -> Mutation {
        let lab = lab
        return Mutation(check: check, what: what) {
            try await lab.gateway?.push(change(lab.gatewaySnapshot()))
            try await lab.replaceSidecar(lab.sidecarSnapshot())
        } mend: {
            try await lab.gateway?.push(lab.gatewaySnapshot())
            try await lab.restore()
        }
    }

    func withoutPolicies(_ check: String) -> Mutation {
        gateway(check, "no AuthorizationPolicy") { try $0.removingFilters("envoy.filters.network.rbac") }
    }

    func withoutVerifier(_ check: String) -> Mutation {
        gateway(check, "no verifier of the inner SNI") { try $0.removingFilters("envoy.filters.network.rbac") }
    }

    /// Whatever the SNI, it is one host.
    func oneHost(_ check: String) -> Mutation {
        let address = (lab.databaseAddress, lab.site.parameters.port)
        return gateway(check, "one host for every SNI") { snapshot in
            var snapshot = try snapshot.removingFilters("envoy.filters.network.sni_dynamic_forward_proxy")
            snapshot.clusters = snapshot.clusters.map { cluster in
                guard cluster["cluster_type"] != nil, let name = cluster["name"]?.string else { return cluster }
                return EnvoyCluster.known(name, [address])
            }
            return snapshot
        }
    }

    // MARK: The database

    func withoutDatabase(_ check: String) -> Mutation {
        let lab = lab
        return Mutation(check: check, what: "no database") {
            await lab.database.get()?.kill()
            await lab.replicaSet.get()?.stop()
        } mend: {
            try await lab.database.get()?.start()
            try await lab.replicaSet.get()?.start()
            try await lab.restore()
        }
    }

    /// A database without TLS, and a sidecar that starts none.
    func plain(_ check: String) -> Mutation {
        let lab = lab
        let rules = withoutOrigination(check)
        return Mutation(check: check, what: "plain MongoDB on the wire") {
            await lab.database.get()?.kill()
            let plain = try await lab.site.template.mongod(
                "plain", address: lab.databaseAddress, isCertified: false)
            try await plain.start()
            lab.spare.set(plain)
            try await rules.mutate()
        } mend: {
            await lab.spare.get()?.kill()
            try await lab.database.get()?.start()
            try await lab.restore()
        }
    }
}
