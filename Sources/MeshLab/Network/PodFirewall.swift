/// The rules that istio-iptables (the init container istio-init) writes into a pod, but for DNS capture and the ports of
/// Istio's agent.
///
/// Outbound TCP goes to 15001, inbound to 15006; what the sidecar sends itself (user and group 1337) is left alone.
/// Source: <https://istio.io/latest/docs/ops/deployment/application-requirements/> and istio-iptables' own output.
enum PodFirewall {
    static func install(in namespace: NetworkNamespace) async throws {
        let proxy = NetworkNamespace.User.proxy.rawValue
        let rules = """
            :ISTIO_INBOUND -
            :ISTIO_REDIRECT -
            :ISTIO_IN_REDIRECT -
            :ISTIO_OUTPUT -
            -A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001
            -A ISTIO_IN_REDIRECT -p tcp -j REDIRECT --to-ports 15006
            -A ISTIO_INBOUND -p tcp --dport 15008 -j RETURN
            -A ISTIO_INBOUND -p tcp --dport 15090 -j RETURN
            -A ISTIO_INBOUND -p tcp --dport 15021 -j RETURN
            -A ISTIO_INBOUND -p tcp --dport 15020 -j RETURN
            -A ISTIO_INBOUND -p tcp -j ISTIO_IN_REDIRECT
            -A ISTIO_OUTPUT -s 127.0.0.6/32 -o lo -j RETURN
            -A ISTIO_OUTPUT ! -d 127.0.0.1/32 -o lo -p tcp ! --dport 15008 -m owner --uid-owner \(proxy) -j ISTIO_IN_REDIRECT
            -A ISTIO_OUTPUT -o lo -m owner ! --uid-owner \(proxy) -j RETURN
            -A ISTIO_OUTPUT -m owner --uid-owner \(proxy) -j RETURN
            -A ISTIO_OUTPUT ! -d 127.0.0.1/32 -o lo -p tcp ! --dport 15008 -m owner --gid-owner \(proxy) -j ISTIO_IN_REDIRECT
            -A ISTIO_OUTPUT -o lo -m owner ! --gid-owner \(proxy) -j RETURN
            -A ISTIO_OUTPUT -m owner --gid-owner \(proxy) -j RETURN
            -A ISTIO_OUTPUT -d 127.0.0.1/32 -j RETURN
            -A ISTIO_OUTPUT -j ISTIO_REDIRECT
            """
        try await apply(rules, in: namespace)
        try await attach(in: namespace)
    }

    /// Which of the pod's connections go through its sidecar.
    enum Direction: String, CaseIterable {
        case inbound = "PREROUTING -p tcp -j ISTIO_INBOUND"
        case outbound = "OUTPUT -j ISTIO_OUTPUT"
    }

    /// Sends the pod's traffic through the rules.
    static func attach(_ directions: [Direction] = Direction.allCases, in namespace: NetworkNamespace) async throws {
        try await apply(directions.map { "-A \($0.rawValue)" }.joined(separator: "\n"), in: namespace)
    }

    /// Lets the pod's traffic pass as if it had no sidecar; ``attach(_:in:)`` undoes it.
    static func detach(_ directions: [Direction], in namespace: NetworkNamespace) async throws {
        try await apply(directions.map { "-D \($0.rawValue)" }.joined(separator: "\n"), in: namespace)
    }

    private static func apply(_ rules: String, in namespace: NetworkNamespace) async throws {
        let ofIPv6 = rules.replacing("127.0.0.1/32", with: "::1/128").replacing("127.0.0.6/32", with: "::6/128")
        for (program, rules) in [("iptables-restore", rules), ("ip6tables-restore", ofIPv6)] {
            try await namespace.run(program, ["-w", "--noflush"], input: "*nat\n\(rules)\nCOMMIT\n")
        }
    }
}
