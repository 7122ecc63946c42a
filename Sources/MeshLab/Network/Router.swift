/// What the router lets through between the namespaces: nothing, but for what is allowed here. Everything else is counted.
enum Router {
    /// A way out of a namespace.
    struct Flow: Sendable, Hashable {
        var from: NetworkNamespace
        var to: NetworkNamespace
    }

    /// Allows the flows, and drops and counts everything else. May be called again to change them.
    static func allow(_ flows: [Flow]) async throws {
        var rules = ["*filter", ":FORWARD DROP", "-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT"]
        rules += flows.map { "-A FORWARD -i \($0.from.name) -o \($0.to.name) -j ACCEPT" }
        rules += [NetworkNamespace.pod, .egress, .external].map { "-A FORWARD -i \($0.name) -j DROP" }
        let text = (rules + ["COMMIT", ""]).joined(separator: "\n")
        for program in ["iptables-restore", "ip6tables-restore"] {
            try await Command.run(program, ["-w"], input: text)
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
