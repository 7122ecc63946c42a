import Foundation

/// What an ordinary user needs for namespaces of their own; root needs none of it.
struct Prerequisites {
    var user: String
    var id: UInt32
    /// Contents of `/etc/subuid` and `/etc/subgid` (subuid(5)).
    var subordinateUsers: String
    var subordinateGroups: String
    /// Whether newuidmap(1) and newgidmap(1) are there.
    var hasMapTools: Bool
    /// `user.max_user_namespaces`; nil where the kernel has no such limit.
    var maximum: Int?

    /// The sidecar's user is 1337, and 0 is the user's own.
    static let ids = 1338

    /// One sentence on what is missing and how to get it; nil where nothing is.
    var missing: String? {
        if maximum == 0 {
            return "the mesh lab needs user namespaces, and this machine allows none: run it as root, or have root run "
                + "sysctl user.max_user_namespaces=10000"
        }
        if !hasMapTools {
            return "the mesh lab needs newuidmap and newgidmap to have several users: run it as root, or have root run "
                + "apt-get install uidmap"
        }
        for (file, option, text) in [
            ("/etc/subuid", "--add-subuids", subordinateUsers), ("/etc/subgid", "--add-subgids", subordinateGroups),
        ] where !isLargeEnough(text) {
            return
                "the mesh lab needs \(Self.ids) ids of \(user)'s own, and \(file) gives fewer: run it as root, or have "
                + "root run usermod \(option) 100000-165535 \(user) (a range that nobody else has)"
        }
        return nil
    }

    private func isLargeEnough(_ text: String) -> Bool {
        text.split(separator: "\n").contains { line in
            let fields = line.split(separator: ":")
            guard fields.count == 3, fields[0] == user || fields[0] == "\(id)" else { return false }
            return (Int(fields[2]) ?? 0) >= Self.ids
        }
    }

    /// Of the user who runs this.
    static func ofThisMachine() -> Prerequisites {
        func text(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }
        let path = Isolation.path.split(separator: ":")
        let maximum = Int(text("/proc/sys/user/max_user_namespaces").trimmingCharacters(in: .whitespacesAndNewlines))
        return Prerequisites(
            user: NSUserName(), id: geteuid(), subordinateUsers: text("/etc/subuid"),
            subordinateGroups: text("/etc/subgid"),
            hasMapTools: ["newuidmap", "newgidmap"].allSatisfy { name in
                path.contains { access("\($0)/\(name)", X_OK) == 0 }
            }, maximum: maximum)
    }
}
