import LocalMongo
import Processes

/// A network namespace of the lab, by its name below /run/netns (ip-netns(8)).
public struct NetworkNamespace: Sendable, Hashable {
    public var name: String

    static let pod = NetworkNamespace(name: "pod")
    static let egress = NetworkNamespace(name: "egress")
    static let external = NetworkNamespace(name: "external")

    /// Users of the lab's processes, as in a pod: the sidecar's number is how Istio's iptables rules know it.
    enum User: Int {
        case root = 0
        case nginx = 101
        case service = 1000
        case proxy = 1337
    }

    func make() async throws {
        try await Command.script(
            """
            ip netns add \(name)
            ip -n \(name) link set lo up
            """)
    }

    /// The arguments of nsenter(1) that run a program in here. nsenter replaces itself, so the process id is the program's.
    func entering(as user: User, _ program: String, _ arguments: [String]) -> [String] {
        var options = ["--net=/run/netns/\(name)"]
        if user != .root { options += ["--setgid", "\(user.rawValue)", "--setuid", "\(user.rawValue)"] }
        return options + ["--", program] + arguments
    }

    /// Runs a program in here to its end.
    func attempt(as user: User = .root, _ program: String, _ arguments: [String]) async throws -> CompletedProcess {
        try await Command.attempt("nsenter", entering(as: user, program, arguments))
    }

    @discardableResult
    func run(
        as user: User = .root, _ program: String, _ arguments: [String], input: String = ""
    ) async throws -> String {
        try await Command.run("nsenter", entering(as: user, program, arguments), input: input)
    }

    /// Starts a program in here; its output goes to the end of `log`.
    func start(
        as user: User, _ program: String, _ arguments: [String], environment: [String: String?] = [:], log: String
    ) async throws -> ChildProcess {
        try await ChildProcess.start(
            "nsenter", entering(as: user, program, arguments), environment: environment, output: .file(log))
    }

    /// Sets a kernel parameter that belongs to this namespace.
    func set(_ parameter: String, to value: String) async throws {
        try await run("sysctl", ["-q", "-w", "\(parameter)=\(value)"])
    }
}
