import Foundation
import LocalMongo
import Processes
import Testing

@testable import Faults

extension SteadyDatabase {
    /// The service listens on whatever addresses its pod has: IPv4, IPv6 or both.
    @Suite(.serialized)
    struct AddressFamilies {
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try #require(getuid() == 0, "these tests need root, for network namespaces of their own")
        }

        enum Family: String, CaseIterable, Sendable {
            case both
            case onlyIPv6
            /// `disable_ipv6=1`, as on nodes where IPv6 is turned off.
            case onlyIPv4

            var addresses: [String] {
                switch self {
                case .both: ["192.0.2.1/24", "2001:db8::1/64"]
                case .onlyIPv6: ["2001:db8::1/64"]
                case .onlyIPv4: ["192.0.2.1/24"]
                }
            }
        }

        @Test(arguments: Family.allCases)
        func answersOnEveryAddress(family: Family) async throws {
            let namespace = "ratings-\(getpid())-\(family)"
            func run(_ command: String) async throws {
                let words = command.split(separator: " ").map(String.init)
                let result = try await CompletedProcess.run(words[0], Array(words.dropFirst()))
                try #require(result.status.isSuccess, "\(command): \(result.standardError)")
            }
            try await run("ip netns add \(namespace)")
            do {
                let inside = "ip netns exec \(namespace)"
                if family == .onlyIPv4 {
                    for scope in ["all", "default"] {
                        try await run("\(inside) sysctl -q -w net.ipv6.conf.\(scope).disable_ipv6=1")
                    }
                }
                try await run("\(inside) ip link add eth0 type veth peer name peer0")
                for link in ["lo", "eth0", "peer0"] { try await run("\(inside) ip link set \(link) up") }
                for address in family.addresses {
                    try await run("\(inside) ip addr add \(address) dev eth0" + (address.contains(":") ? " nodad" : ""))
                }
                // An IPv6 address is of use once the kernel has seen its link come up.
                let isReady = try await eventually {
                    let routes = try await CompletedProcess.run(
                        "ip", ["-netns", namespace, "-6", "route", "show", "table", "local"])
                    return family == .onlyIPv4 || routes.standardOutput.contains("local 2001:db8::1 dev eth0 ")
                }
                try #require(isReady)
                try await expectAnswers(inside: namespace, family)
            } catch {
                try await run("ip netns delete \(namespace)")
                throw error
            }
            try await run("ip netns delete \(namespace)")
        }

        /// The namespace has no database: `/health` answers whatever the database does.
        private func expectAnswers(inside namespace: String, _ family: Family) async throws {
            let service = try await Service.start(
                "mongodb://192.0.2.9:27017/test", launcher: ["ip", "netns", "exec", namespace])
            for address in family.addresses {
                let host = address.prefix { $0 != "/" }
                let url = "http://\(host.contains(":") ? "[\(host)]" : "\(host)"):\(service.port)/health"
                let curl = try await CompletedProcess.run(
                    "ip",
                    [
                        "netns", "exec", namespace, "curl", "--silent", "--show-error", "--globoff", "--max-time", "5",
                        url,
                    ])
                #expect(curl.standardOutput == Body.health, "\(url): \(curl.standardError)")
            }
            #expect(try await service.end().status == .exited(0), "\(service.log)")
        }
    }
}
