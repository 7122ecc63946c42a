import Foundation
import LocalMongo
import Processes
import Testing

@testable import Faults

extension SteadyDatabase {
    /// A client that goes without a word, as a machine that loses its power does: no FIN, no RST.
    @Suite
    struct VanishedPeers {
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try #require(getuid() == 0, "this test needs root, for two network namespaces")
        }

        private func ip(_ arguments: String) async throws -> String {
            let result = try await CompletedProcess.run("ip", arguments.split(separator: " ").map(String.init))
            guard result.status.isSuccess else { throw LocalMongoError("ip \(arguments): \(result.standardError)") }
            return result.standardOutput
        }

        /// TCP's keep-alive, which begins after 60 s of silence, finds out; the probes after that are quick in here.
        @Test func keepAliveClosesTheirConnections() async throws {
            let number = Int.random(in: 0..<1_000_000)
            let (server, client) = ("ratings-s\(number)", "ratings-c\(number)")
            for line in ["netns add \(server)", "netns add \(client)"] { _ = try await ip(line) }
            do {
                for line in [
                    "-n \(server) link add veth0 type veth peer name veth0 netns \(client)",
                    "-n \(server) address add 198.51.100.1/30 dev veth0", "-n \(server) link set veth0 up",
                    "-n \(client) address add 198.51.100.2/30 dev veth0", "-n \(client) link set veth0 up",
                ] { _ = try await ip(line) }
                try await expectClosed(server, client)
            } catch {
                try await remove(server, client)
                throw error
            }
            try await remove(server, client)
        }

        private func remove(_ namespaces: String...) async throws {
            for namespace in namespaces { _ = try await ip("netns del \(namespace)") }
        }

        private func expectClosed(_ server: String, _ client: String) async throws {
            let quick = "sysctl -qw net.ipv4.tcp_keepalive_intvl=1 net.ipv4.tcp_keepalive_probes=3 && exec \"$@\""
            let service = try await Service.start(
                "mongodb://localhost:1/test", launcher: ["ip", "netns", "exec", server, "sh", "-c", quick, "sh"])
            let request = #"printf 'GET /health HTTP/1.1\r\nHost: a\r\n\r\n' >&3; read -r line <&3; sleep 300"#
            let peer = try await ChildProcess.start(
                "ip",
                [
                    "netns", "exec", client, "bash", "-c",
                    "exec 3<>/dev/tcp/198.51.100.1/\(service.port); \(request)",
                ], output: .discarded)
            func connections() async throws -> Int {
                try await ip("netns exec \(server) ss -Htn state established sport = :\(service.port)")
                    .split(separator: "\n").count
            }
            #expect(try await eventually { try await connections() == 1 })
            // From here on nobody answers.
            _ = try await ip("-n \(client) address del 198.51.100.2/30 dev veth0")
            try await Task.sleep(for: .seconds(50))
            #expect(try await connections() == 1)
            let isClosed = try await eventually(within: .seconds(40), every: .milliseconds(500)) {
                try await connections() == 0
            }
            #expect(isClosed)
            peer.send(.kill)
            #expect(try await service.end().status == .exited(0))
        }
    }
}
