/// The lab's network: three namespaces around a router, which is the namespace that the lab itself runs in.
///
///     pod (ratings, its sidecar) ──┐
///                                  ├── router (DNS, forwarding only what the configuration allows; reviews' requests)
///     egress gateway (and nginx) ──┤
///                                  │
///     external (MongoDB) ──────────┘
///
/// The links use 198.51.100.0/24 (TEST-NET-2, RFC 5737). The databases' addresses are the manifests' own, or, where a
/// configuration goes by name, others of 192.0.2.0/24 (TEST-NET-1); all of them end in `external`.
enum Topology {
    static let pod = "198.51.100.2"
    static let gateway = "198.51.100.6"
    static let external = "198.51.100.10"
    /// On the router's loopback interface, reached from everywhere.
    static let nameServer = "198.51.100.53"

    /// Where the database moves to; the manifests say where it is at first.
    static let movedDatabase = "192.0.2.20"
    /// Where it moves to in a mesh of both families (documentation addresses, RFC 3849).
    static let databaseIPv6 = "2001:db8::10"
    /// The members of the replica set, which the manifests know by name only.
    static let members = ["192.0.2.11", "192.0.2.12", "192.0.2.13"]
    /// Where they move to in a mesh of both families.
    static let membersIPv6 = ["2001:db8::11", "2001:db8::12", "2001:db8::13"]

    /// With the network of IPv6, in which the router is 1 and the namespace 2.
    private static let links: [(NetworkNamespace, address: String, router: String, ipv6: String)] = [
        (.pod, pod, "198.51.100.1", "2001:db8:1::"), (.egress, gateway, "198.51.100.5", "2001:db8:2::"),
        (.external, external, "198.51.100.9", "2001:db8:3::"),
    ]

    /// Makes the namespaces, the links, and a router that forwards nothing.
    ///
    /// - Parameter databases: the addresses that `external` answers on.
    static func make(databases: Set<String>) async throws {
        try await Command.script(
            """
            ip link set lo up
            ip address add \(nameServer)/32 dev lo
            sysctl -q -w net.ipv4.ip_forward=1
            sysctl -q -w net.ipv6.conf.all.forwarding=1
            iptables -w -P FORWARD DROP
            ip6tables -w -P FORWARD DROP
            """)
        for (namespace, address, router, ipv6) in links {
            let name = namespace.name
            try await namespace.make()
            try await Command.script(
                """
                ip link add \(name) type veth peer name eth0 netns \(name)
                ip address add \(router)/30 dev \(name)
                ip link set \(name) up
                ip -n \(name) address add \(address)/30 dev eth0
                ip -n \(name) link set eth0 up
                ip -n \(name) route add default via \(router)
                ip address add \(ipv6)1/64 dev \(name) nodad
                ip -n \(name) address add \(ipv6)2/64 dev eth0 nodad
                ip -n \(name) route add default via \(ipv6)1
                """)
        }
        // As in a pod of an unprivileged container runtime: the gateway binds port 443 as user 1337.
        try await NetworkNamespace.egress.set("net.ipv4.ip_unprivileged_port_start", to: "0")
        for database in databases.sorted() {
            try await Command.script(
                """
                ip -n external address add \(database)/32 dev lo
                ip route add \(database)/32 via \(external)
                """)
        }
        for database in [databaseIPv6] + membersIPv6 {
            try await Command.script(
                """
                ip -n external address add \(database)/128 dev lo nodad
                ip route add \(database)/128 via 2001:db8:3::2
                """)
        }
    }
}
