/// Faults of what was applied for the sidecar alone.
extension MeshFaults {
    /// Where the sidecar is to speak TLS for the service.
    var ofOrigination: [MeshFault] {
        let lab = lab
        let configurations = ["tls-origination"]
        return [
            rules(
                "origination-missing", "no DestinationRule", in: configurations,
                .init(
                    .hello, "serverRequiresTLS",
                    "\(database) speaks TLS only, and the connection string asks for none; the sidecar passed the connection "
                        + "on as it was: no DestinationRule has it speak TLS for the service")
            ) { $0.destinationRules = [] },
            rules(
                "origination-too-late", "protocol TLS for a service that speaks none", in: configurations,
                .init(
                    .sidecar, "plainWhereTLSIsExpected",
                    "the sidecar closed the connection after N ms: it tells connections to port \(port) apart by SNI, and "
                        + "the service speaks no TLS; the DestinationRule that has the sidecar speak it for the service "
                        + "comes too late for that")
            ) { manifests in
                for index in manifests.serviceEntries.indices {
                    manifests.serviceEntries[index].spec.ports[0].protocol = "TLS"
                }
            },
            fault(
                "past-origination", "past the sidecar that is to speak TLS", in: configurations,
                .init(
                    .sidecar, "pastTLSOrigination",
                    "the sidecar is to speak TLS for the service to \(database), and the connection to \(address) went past "
                        + "the sidecar, without TLS"),
                make: { try await PodFirewall.detach([.outbound], in: .pod) },
                mend: {
                    try await PodFirewall.attach([.outbound], in: .pod)
                    try await lab.restore()
                }),
        ]
    }

    /// Where the sidecar has a way to the database, and no address.
    var ofEndpoints: [MeshFault] {
        let lab = lab
        let missing = "missing.example.net"
        return [
            rules(
                "name-not-resolved", "a name that DNS does not know", in: ["tls"],
                .init(
                    .sidecar, "nameNotResolvedBySidecar",
                    "the sidecar lets \(database) out, but has no address for it: it looks up \(missing) for itself, and has "
                        + "got none from DNS")
            ) { manifests in
                for index in manifests.serviceEntries.indices {
                    manifests.serviceEntries[index].spec.endpoints = [.init(address: missing)]
                }
            },
            fault(
                "name-not-resolved", "a name without an AAAA record in a pod of IPv6", in: ["tls-wildcard-direct"],
                .init(
                    .sidecar, "nameNotResolvedBySidecar",
                    "the sidecar lets \(database) out, but has no address for it: it looks up "
                        + "\(lab.site.parameters.host) for itself, and has got none from DNS"),
                make: { try await lab.sidecar.push(lab.sidecarSnapshot().lookingUpIPv6()) },
                mend: { try await lab.sidecar.push(lab.sidecarSnapshot()) }),
            rules(
                "no-endpoint", "no endpoint", in: ["tcp"],
                .init(
                    .sidecar, "databaseWithoutEndpoint",
                    "the sidecar lets \(database) out, but has no endpoint for it: its ServiceEntry names none that is ready"
                )
            ) { manifests in
                for index in manifests.serviceEntries.indices { manifests.serviceEntries[index].spec.endpoints = [] }
            },
        ]
    }

    /// The sidecar follows other manifests.
    private func rules(
        _ name: String, _ title: String, in configurations: [String], _ expected: SeenFault,
        _ change: @escaping @Sendable (inout Manifests) -> Void
    ) -> MeshFault {
        let lab = lab
        return fault(
            name, title, in: configurations, expected,
            make: {
                var manifests = lab.manifests
                change(&manifests)
                try await lab.sidecar.push(lab.sidecarSnapshot(manifests))
                try await lab.sidecar.waitUntilWarm()
            },
            mend: {
                try await lab.sidecar.push(lab.sidecarSnapshot())
                try await lab.sidecar.waitUntilWarm()
            })
    }
}
