/// How to look into a lab that stays up, and how to break it.
struct Instructions {
    var lab: Lab

    var text: String {
        // The lab's own process holds the namespaces: it is the child of unshare(1), which is the child of the command.
        let enter = "nsenter --target $(pgrep -P $(pgrep -P \(Isolation.outerProcess) unshare)) --net --mount --pid"
        return """

            It stays up until Ctrl-C. Inside it, from another terminal and as the same user:
              LAB="\(enter)"
            \(Self.lines(look))
            Break it, and ask again:
            \(Self.lines(wreck))
            """
    }

    private var look: [(command: String, meaning: String)] {
        var lines = [("curl -s http://\(Topology.pod):\(SidecarInbound.port)/ratings/0", "ask as reviews would")]
        lines.append(("tail -f \(lab.ratings.log)", "what the service says"))
        for proxy in [lab.sidecar, lab.gateway].compactMap({ $0 }) {
            lines.append(("tail -f \(proxy.accessLogFile)", "access log, \(proxy.name): a line when a connection ends"))
            lines.append(
                (
                    "curl -s --unix-socket \(proxy.adminSocket) http://admin/clusters",
                    "or /config_dump, /listeners, /stats"
                ))
        }
        if let nginx = lab.sniProxy.get() { lines.append(("tail -f \(nginx.log)", "nginx")) }
        return lines + [
            ("ip netns exec pod ss -tn", "the pod's connections; also: egress, external"),
            ("iptables -vL FORWARD", "what the router lets through, and what it drops"),
        ]
    }

    private var wreck: [(command: String, meaning: String)] {
        [
            ("iptables -I FORWARD -o external -j DROP", "a black hole before the database; -D mends it"),
            ("pkill -STOP mongod", "a frozen database; -CONT mends it"),
            ("pkill -KILL mongod", "no database"),
            ("pkill -KILL -f 'gateway/bootstrap'", "no egress gateway, where there is one"),
        ]
    }

    private static func lines(_ entries: [(command: String, meaning: String)]) -> String {
        let width = entries.map(\.command.count).max() ?? 0
        return entries.map { command, meaning in
            "  $LAB \(command)\(String(repeating: " ", count: width - command.count))  # \(meaning)"
        }.joined(separator: "\n")
    }
}
