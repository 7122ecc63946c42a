import Foundation
import LocalMongo
import Processes

/// The DNS server of the whole lab: dnsmasq, which answers from one hosts file and knows no other server.
struct NameServer: Sendable {
    private let hostsFile: String
    private let process: ChildProcess

    /// - Parameter directory: where its files go.
    static func start(in directory: String) async throws -> NameServer {
        let hostsFile = "\(directory)/hosts"
        try "".write(toFile: hostsFile, atomically: true, encoding: .utf8)
        // It knows all names there are (--local): what is missing is no name or has no such record, and is not refused.
        // A short lifetime, so that a change is seen within seconds, as cloud providers' load balancers have it.
        let process = try await ChildProcess.start(
            "dnsmasq",
            [
                "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--user=root", "--group=root",
                "--no-resolv", "--no-hosts", "--addn-hosts=\(hostsFile)", "--local-ttl=1", "--local=/#/",
                "--bind-interfaces",
                "--listen-address=\(Topology.nameServer)", "--log-facility=-",
            ], output: .file("\(directory)/dnsmasq.log"))
        return NameServer(hostsFile: hostsFile, process: process)
    }

    /// Replaces everything that the server knows.
    ///
    /// - Parameter names: host names and their addresses.
    func serve(_ names: [String: String]) throws {
        let lines = names.sorted { $0.key < $1.key }.map { "\($1) \($0)\n" }.joined()
        try lines.write(toFile: hostsFile, atomically: true, encoding: .utf8)
        // dnsmasq(8): SIGHUP clears the cache and reads the hosts files again.
        process.send(.hangup)
    }
}
