import MongoClient

/// Where the sidecar sends connections to a port, by Envoy's `/config_dump`.
struct SidecarListeners: Sendable {
    private struct Chain: Sendable {
        /// The address that the listener is for; `0.0.0.0` and `::` are for all.
        let address: String
        /// SNI; none takes every connection.
        let serverNames: [String]
        let cluster: String
    }

    private var chains: [Chain] = []

    init(_ dump: JSONDocument) {
        for config in dump.elements("configs") {
            // A listener of a deleted configuration stays for its open connections, under draining_state.
            let listener = "\(config).active_state.listener"
            guard let address = dump.string("\(listener).address.socket_address.address") else { continue }
            for chain in dump.elements("\(listener).filter_chains") {
                let names = dump.strings("\(chain).filter_chain_match.server_names")
                let clusters = dump.elements("\(chain).filters").compactMap {
                    dump.string("\($0).typed_config.cluster")
                }
                guard let cluster = clusters.last else { continue }
                chains.append(Chain(address: address, serverNames: names, cluster: cluster))
            }
        }
    }

    /// The cluster that takes a connection; `nil` where none does.
    ///
    /// - Parameters:
    ///   - address: where the connection goes, without the port.
    ///   - serverName: its SNI; `nil` for a connection without TLS.
    func cluster(to address: String, serverName: String?) -> String? {
        let candidates = chains.filter { ["0.0.0.0", "::", address].contains($0.address) }
        let named = candidates.first { chain in
            chain.serverNames.contains { name in serverName.map { Self.matches($0, name) } ?? false }
        }
        return (named ?? candidates.first { $0.serverNames.isEmpty })?.cluster
    }

    /// Whether a listener is for this address.
    func hasListener(for address: String) -> Bool {
        chains.contains { ["0.0.0.0", "::", address].contains($0.address) }
    }

    private static func matches(_ name: String, _ pattern: String) -> Bool {
        pattern.hasPrefix("*.") ? name.hasSuffix(pattern.dropFirst()) : name == pattern
    }
}
