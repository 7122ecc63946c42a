import Foundation
import LocalMongo
import Processes

/// Namespaces of its own (network, mounts, process ids) for the whole lab.
///
/// The lab's process is the first of its process namespace: when it ends, however it ends, the kernel ends everything
/// that it started, and the last process takes network, mounts and files with it (pid_namespaces(7)). Two labs side by side
/// see nothing of each other.
public enum Isolation {
    static let mark = "MESH_LAB_INSIDE"
    static let userMark = "MESH_LAB_USER"

    /// Everything that the lab writes is here, in a file system of its own, gone with the last process.
    public static let directory = "/run/mesh"

    public static var isInside: Bool { ProcessInfo.processInfo.environment[mark] != nil }

    /// Where programs are looked for: Debian keeps iptables and nginx where ordinary users don't look.
    static var path: String {
        (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin") + ":/usr/sbin:/sbin"
    }

    /// Runs a program once more, inside; it must call ``enter()`` first.
    ///
    /// - Parameters:
    ///   - executable: the program: usually the caller itself.
    ///   - environment: more than what it inherits.
    ///   - output: where its standard output and error go.
    /// - Returns: the running program. Send it SIGKILL to end everything at once.
    /// - Throws: ``LabError`` where this machine does not let us make namespaces.
    public static func start(
        _ executable: String, _ arguments: [String], environment: [String: String] = [:],
        output: ChildProcess.Output = .inherited
    ) async throws -> ChildProcess {
        var options = [
            "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private",
        ]
        if geteuid() != 0 {
            // Several users are needed (the service, its sidecar): newuidmap(1) and /etc/subuid have to allow them.
            if let missing = Prerequisites.ofThisMachine().missing { throw LabError(missing) }
            options += ["--map-root-user", "--map-auto"]
        }
        let attempt = try await Command.attempt("unshare", options + ["true"])
        guard attempt.status.isSuccess else {
            throw LabError(
                """
                the mesh lab needs network namespaces, and this machine refuses them \
                (\(attempt.standardError.trimmingCharacters(in: .whitespacesAndNewlines))): run it as root, or have \
                root allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, and on Ubuntu \
                kernel.apparmor_restrict_unprivileged_userns=0)
                """)
        }
        return try await ChildProcess.start(
            "unshare", options + ["--", executable] + arguments,
            // The driver's counters would be a file in the machine's /dev/shm, made before there is one of our own.
            environment: [mark: "\(getpid())", userMark: "\(geteuid())", "MONGOC_DISABLE_SHM": "1", "PATH": path]
                .merging(environment) { $1 },
            output: output)
    }

    /// The process that started the lab, for a person who wants to look inside; its child holds the namespaces.
    static var outerProcess: String { ProcessInfo.processInfo.environment[mark] ?? "" }

    /// Whether the lab has a user namespace of its own.
    static var isOfOrdinaryUser: Bool { (ProcessInfo.processInfo.environment[userMark] ?? "0") != "0" }

    /// Prepares the inside: private /run, /dev/shm and /etc/resolv.conf. Call it once, first.
    public static func enter() async throws {
        // Where resolv.conf is a link into /run, its target must exist in the new /run, too.
        let resolver = "/etc/resolv.conf"
        let target = URL(fileURLWithPath: resolver).resolvingSymlinksInPath().path
        try await Command.script(
            """
            mount -t tmpfs -o mode=755 mesh /run
            mount -t tmpfs -o mode=1777 mesh /dev/shm
            mkdir -p /run/netns \(directory)/tmp \((target as NSString).deletingLastPathComponent)
            """)
        let own = "\(directory)/resolv.conf"
        try "nameserver \(Topology.nameServer)\n".write(toFile: own, atomically: true, encoding: .utf8)
        if !FileManager.default.fileExists(atPath: target) {
            _ = FileManager.default.createFile(atPath: target, contents: nil)
        }
        try await Command.script("mount --bind \(own) \(target)")
        setenv("TMPDIR", "\(directory)/tmp", 1)
    }
}
