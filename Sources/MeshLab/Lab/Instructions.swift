import Foundation

/// How to look into a lab that stays up, how to break it and how to mend it.
struct Instructions {
    var lab: Lab

    var text: String {
        """

        It stays up until Ctrl-C. Inside it, from another terminal and as the same user (bash):
          LAB="\(Self.enter)"
        \(Self.lines(look))
        Break it, ask again, and mend it:
        \(Self.lines(wreck))
        To come back to a lab like this: make mesh CONFIG=\(lab.configuration.name) KEEP=1
        """
    }

    /// The lab's own process holds the namespaces: it is the child of unshare(1), which is the child of the command.
    static let enter: String = {
        let outer = Isolation.outerProcess
        let user = Isolation.isOfOrdinaryUser ? " --user --preserve-credentials" : ""
        return "nsenter --target $(pgrep -P $(pgrep -P \(outer) unshare))\(user) --net --mount --pid "
            + "env PATH=$PATH:/usr/sbin:/sbin"
    }()

    private typealias Entry = (command: String, meaning: String)

    private var look: [Entry] {
        var lines: [Entry] = [
            ("curl -s http://\(Topology.pod):\(SidecarInbound.port)/ratings/0", "ask as reviews would"),
            ("tail -f \(lab.ratings.log)", "what the service says"),
        ]
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

    private var wreck: [Entry] {
        var lines: [Entry] = [
            ("iptables -I FORWARD -o external -j DROP", "a black hole before the database"),
            ("iptables -D FORWARD -o external -j DROP", "mend it"),
            ("pkill -STOP mongod", "a frozen database"),
            ("pkill -CONT mongod", "mend it"),
            ("pkill -KILL mongod", "no database"),
            ("touch \(Keeping.mendFile)", "mend it: starts anew what is gone, and takes every change back"),
        ]
        if lab.gateway != nil {
            lines += [
                ("pkill -KILL -f gateway/bootstrap", "no egress gateway"),
                ("touch \(Keeping.mendFile)", "mend it"),
            ]
        }
        return lines
    }

    private static func lines(_ entries: [Entry]) -> String {
        let width = entries.map(\.command.count).max() ?? 0
        return entries.map { "  $LAB \($0.command.padded(to: width))  # \($0.meaning)" }.joined(separator: "\n")
    }
}
