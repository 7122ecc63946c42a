/// What the router lets through between the namespaces: nothing, but for what is allowed here. Everything else is counted.
enum Router {
    /// A way out of a namespace.
    struct Flow: Sendable, Hashable {
        var from: NetworkNamespace
        var to: NetworkNamespace
    }

    /// Allows the flows, and drops and counts everything else. May be called again to change them.
    static func allow(_ flows: [Flow]) async throws {
        for iptables in ["iptables", "ip6tables"] {
            try await Command.script(
                """
                \(iptables) -w -F FORWARD
                \(iptables) -w -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
                """)
            for flow in flows {
                try await Command.script(
                    "\(iptables) -w -A FORWARD -i \(flow.from.name) -o \(flow.to.name) -j ACCEPT")
            }
            for namespace in [NetworkNamespace.pod, .egress, .external] {
                try await Command.script("\(iptables) -w -A FORWARD -i \(namespace.name) -j DROP")
            }
        }
    }

    /// How many packets from `namespace` were dropped since the last ``allow(_:)``.
    static func dropped(from namespace: NetworkNamespace) async throws -> Int {
        let listing = try await Command.run("iptables", ["-w", "-L", "FORWARD", "-v", "-x", "-n"])
        // Columns: packets, bytes, target, protocol, options, in, out, source, destination.
        for line in listing.split(separator: "\n") {
            let columns = line.split(separator: " ")
            if columns.count > 5, columns[2] == "DROP", columns[5] == namespace.name { return Int(columns[0]) ?? 0 }
        }
        throw LabError("the router has no rule that counts dropped packets from \(namespace.name):\n\(listing)")
    }
}
