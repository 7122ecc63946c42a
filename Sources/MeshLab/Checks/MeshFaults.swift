/// Every fault that needs a mesh, in one place.
struct MeshFaults {
    var lab: Lab

    var database: String { "\(lab.site.parameters.host):\(lab.site.parameters.port)" }
    var address: String { "\(lab.databaseAddress):\(lab.site.parameters.port)" }
    var port: Int { lab.site.parameters.port }

    /// Names and titles, for a list.
    static let names: [(name: String, configuration: String, title: String)] = [
        ("blocked", "blocked", "no ServiceEntry lets the database out"),
        ("sidecar-not-ready", "blocked", "the sidecar has not taken its configuration yet"),
        ("database-down", "tls", "the database does not run"),
        ("database-black-holed", "tls", "the way to the database swallows packets"),
        ("address-in-url", "tls", "an address in the URL under SNI routing"),
        ("no-tls-in-url", "tls", "no TLS in the URL where the sidecar goes by SNI"),
        ("tls-twice", "tls-origination", "TLS in the URL as well as by the sidecar"),
        ("another-ca", "tls-origination", "the sidecar trusts another CA"),
        ("origination-missing", "tls-origination", "no DestinationRule has the sidecar speak TLS"),
        ("origination-too-late", "tls-origination", "the ServiceEntry's protocol is TLS, and the service speaks none"),
        ("past-origination", "tls-origination", "the service goes past the sidecar that is to speak TLS"),
        ("name-not-resolved", "tls", "DNS has no address for the sidecar"),
        ("no-endpoint", "tcp", "the ServiceEntry names no endpoint"),
        ("gateway-down", "tls-gateway-mtls", "the egress gateway does not run"),
        ("gateway-without-listener", "tls-gateway-mtls", "the egress gateway has no listener for the port"),
        ("gateway-without-pod", "tls-gateway-mtls", "the egress gateway's Service has no ready pod"),
        ("gateway-without-port", "tls-gateway-mtls", "the egress gateway's Service lacks the port"),
        ("another-identity", "tls-gateway-mtls", "the AuthorizationPolicy does not admit the pod"),
        ("database-down-behind-gateway", "tls-gateway-mtls", "the database behind the gateway does not run"),
        ("client-certificate-required", "tls-gateway-mtls", "a server behind the gateway wants a client certificate"),
        ("database-black-holed-behind-gateway", "tls-gateway-mtls", "the way behind the gateway swallows packets"),
    ]

    /// Those that the lab's configuration can have.
    func all() -> [MeshFault] {
        (ofRules + ofOrigination + ofEndpoints + ofDatabase + ofConnectionString + ofGateway)
            .filter { $0.configurations.contains(lab.configuration.name) }
    }

    func fault(
        _ name: String, _ title: String, in configurations: [String], _ expected: SeenFault, url: String? = nil,
        times: Int = 1, make: @escaping @Sendable () async throws -> Void = {},
        mend: @escaping @Sendable () async throws -> Void = {}
    ) -> MeshFault {
        MeshFault(
            name: name, title: title, configurations: configurations, expected: expected, url: url, times: times,
            make: make, mend: mend)
    }

    // MARK: The sidecar's rules

    private var ofRules: [MeshFault] {
        let lab = lab
        let restore: @Sendable () async throws -> Void = { try await lab.sidecar.push(lab.sidecarSnapshot()) }
        return [
            fault(
                "blocked", "blocked, 20 of 20", in: ["blocked"],
                .init(
                    .sidecar, "blocked",
                    "the sidecar took the connection to \(address) and let it go nowhere: it closed it after N ms, since no "
                        + "ServiceEntry lets \(database) out of this namespace"), times: 20),
            fault(
                "sidecar-not-ready", "sidecar not ready", in: ["blocked"],
                .init(
                    .tcp, "sidecarNotReady",
                    "the pod's sidecar refuses the connection to \(database): it has not taken its configuration yet"),
                make: { try await lab.sidecar.push(Snapshot()) }, mend: restore),
            fault(
                "another-ca", "another CA", in: ["tls-origination"],
                .init(
                    .sidecar, "tlsOriginationFailed",
                    "the sidecar, which speaks TLS for the service, could not connect to \(address), or did not accept its "
                        + "certificate"),
                make: { try await lab.sidecar.push(lab.sidecarSnapshot(ca: lab.site.authority.root)) }, mend: restore),
        ]
    }

    // MARK: The database behind a sidecar alone

    private var ofDatabase: [MeshFault] {
        let lab = lab
        let configurations = ["tls", "tcp", "tls-wildcard-direct"]
        return [
            fault(
                "database-down", "database down", in: configurations,
                .init(
                    .sidecar, "databaseUnreachableBehindSidecar",
                    "the sidecar lets \(database) out, but cannot connect to it at \(address)"),
                make: { await lab.database.get()?.kill() }, mend: { try await lab.database.get()?.start() }),
            fault(
                "database-black-holed", "database's address black-holed", in: configurations,
                .init(
                    .sidecar, "databaseSilentBehindSidecar",
                    "the sidecar lets \(database) out, and nothing came back from \(address) for N ms"),
                make: { try await Router.allow([]) }, mend: { try await Router.allow(lab.flows) }),
        ]
    }

    // MARK: The service's connection string

    private var ofConnectionString: [MeshFault] {
        let host = lab.site.parameters.host
        return [
            fault(
                "address-in-url", "an address in the URL", in: ["tls"],
                .init(
                    .sidecar, "serverNameNotAllowed",
                    "the sidecar closed the connection after N ms: port \(port) is let out for other names, and "
                        + "\(lab.databaseAddress), which the service sends as SNI, is none of them"),
                url: lab.site.template.url(hosts: [lab.databaseAddress], isTLS: true)),
            fault(
                "no-tls-in-url", "no TLS in the URL", in: ["tls"],
                .init(
                    .sidecar, "plainWhereTLSIsExpected",
                    "the sidecar closed the connection after N ms: it tells connections to port \(port) apart by SNI, and "
                        + "the service speaks no TLS"),
                url: lab.site.template.url(hosts: [host], isTLS: false)),
            fault(
                "tls-twice", "TLS in the URL as well", in: ["tls-origination"],
                .init(
                    .sidecar, "tlsTwice",
                    "the sidecar speaks TLS to \(address) for the service, and the service speaks TLS itself: nothing came "
                        + "back for N ms"),
                url: lab.site.template.url(hosts: [host], isTLS: true)),
        ]
    }
}
