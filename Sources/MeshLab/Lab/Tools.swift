import Foundation
import LocalMongo

/// The programs that the lab runs, and where it found them.
public struct Tools: Sendable {
    /// The folder that holds `bookinfo`.
    public var repository: String
    public var ratings: String
    public var envoy: String
    public var mongod: String
    public var kubectl: String

    /// Looks for everything that the lab needs.
    ///
    /// - Throws: ``LabError`` that names what is missing and how to get it.
    public static func locate() throws -> Tools {
        let environment = ProcessInfo.processInfo.environment
        let repository = try repository()
        let fetched = "\(repository)/.cache/tools/bin"
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let beside = (own as NSString).deletingLastPathComponent
        var missing: [String] = []
        func program(_ name: String, _ variable: String, _ paths: [String], _ advice: String) -> String {
            let candidates = environment[variable].map { [$0] } ?? paths
            if let found = candidates.first(where: { access($0, X_OK) == 0 }) { return found }
            missing.append("\(name) (\(candidates.joined(separator: ", ")); \(advice))")
            return name
        }
        let tools = Tools(
            repository: repository,
            ratings: program(
                "ratings", "RATINGS", ["\(beside)/ratings", "\(repository)/.build/release/ratings"],
                "build it with: swift build -c release --product ratings, and name it in RATINGS"),
            envoy: program("envoy", "ENVOY", ["\(fetched)/envoy"], "run .ci/fetch-tools envoy"),
            mongod: (try? MongodBinary.locate(from: repository))
                ?? program("mongod", "MONGOD", ["\(fetched)/mongod"], "run .ci/fetch-tools mongod"),
            kubectl: program("kubectl", "KUBECTL", [kubectl(in: repository)], "run .ci/fetch-tools kubectl"))
        let path = Isolation.path.split(separator: ":")
        for name in [
            "ip", "ss", "iptables", "ip6tables", "iptables-restore", "ip6tables-restore", "dnsmasq", "nginx", "openssl",
            "nsenter", "unshare", "setpriv", "sysctl", "mount",
        ] {
            if !path.contains(where: { access("\($0)/\(name)", X_OK) == 0 }) {
                missing.append("\(name) (run .ci/install-packages run mesh)")
            }
        }
        guard missing.isEmpty else { throw LabError("the lab needs: " + missing.joined(separator: "; ")) }
        return tools
    }

    /// The kubectl that `.ci/fetch-tools` has put there, or the one that the variable `KUBECTL` names.
    static func kubectl(in repository: String) -> String {
        ProcessInfo.processInfo.environment["KUBECTL"] ?? "\(repository)/.cache/tools/bin/kubectl"
    }

    /// The folder that holds `bookinfo`: the working directory or one above.
    public static func repository() throws -> String {
        let start = FileManager.default.currentDirectoryPath
        let folders = sequence(first: start) { $0 == "/" ? nil : ($0 as NSString).deletingLastPathComponent }
        guard let found = folders.first(where: { access("\($0)/bookinfo/egress", R_OK) == 0 }) else {
            throw LabError("there is no bookinfo/egress in \(start) or above; run this inside the repository")
        }
        return found
    }
}
