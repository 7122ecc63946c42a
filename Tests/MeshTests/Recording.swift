import Foundation
import LocalMongo

@testable import MeshLab

/// What istiod sent to one proxy in one configuration; `Tests/RecordedIstiod/README.md` says how it came about.
struct Recording: Sendable, CustomStringConvertible {
    var configuration: String
    var proxy: String

    var description: String { "\(configuration)/\(proxy)" }

    private static let folder = (try? Tools.repository()).map { "\($0)/Tests/RecordedIstiod" } ?? ""

    /// Where the gateways' pods were.
    private static let gateways = [
        "egress-gateway": "10.244.1.30", "egress-gateway-with-sni-proxy": "10.244.1.31", "mongo-egress": "10.244.1.40",
    ]

    static let all: [Recording] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().flatMap { name in
            let files = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(name)")) ?? []
            return files.filter { $0.hasSuffix(".json") }.sorted()
                .map { Recording(configuration: name, proxy: String($0.dropLast(5))) }
        }
    }()

    /// Listeners and clusters as istiod sent them; endpoints that came on their own stand in their cluster.
    func istiod() throws -> Snapshot {
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(Self.folder)/\(configuration)/\(proxy).json"))
        let recorded = try JSONDecoder().decode(JSON.self, from: data)
        let endpoints = recorded["endpoints"]?.array ?? []
        let clusters = (recorded["clusters"]?.array ?? []).map { cluster in
            guard let own = endpoints.first(where: { $0["cluster_name"] == cluster["name"] }) else { return cluster }
            return cluster.merging(["load_assignment": own])
        }
        return Snapshot(listeners: recorded["listeners"]?.array ?? [], clusters: clusters)
    }

    /// What had been applied: the floor and the configuration.
    static func manifests(_ configuration: String) async throws -> Manifests {
        let texts = try Set(["blocked", configuration]).sorted().map {
            try String(contentsOfFile: "\(folder)/\($0)/manifests.yaml", encoding: .utf8)
        }
        return try Manifests(
            await KubernetesYAML.read(texts.joined(separator: "\n---\n"), kubectl: Tools.locate().kubectl))
    }

    /// What the lab makes of the same manifests.
    func lab(_ manifests: Manifests) throws -> Snapshot {
        let gateway = manifests.gateways.first.map(Workload.gateway)
        guard let workload = proxy == "sidecar" ? .ratings : gateway else {
            throw LabError("\(self): no manifest has a gateway")
        }
        let names = [
            Secrets.own, Secrets.root, "configmap://default/ratings-mongodb-ca-cacert",
            "file-root:/etc/ratings-mongodb-ca/ca.crt",
        ]
        let secrets = Secrets(files: Dictionary(uniqueKeysWithValues: names.map { ($0, "/secrets/\($0)") }))
        var registry = Registry(manifests: manifests, workload: workload, tls: MeshTLS(secrets: secrets))
        let passed = gateway.map { $0.labels["istio"]?.replacing("egressgateway", with: "egress-gateway") }
        registry.gatewayAddress = Self.gateways[(passed ?? nil) ?? "mongo-egress"] ?? ""
        var snapshot = try Translation(registry: registry).snapshot()
        if configuration != "blocked" {
            // The same in all: recorded once.
            snapshot.listeners.removeAll { $0["name"] == "virtualInbound" }
            snapshot.clusters.removeAll { $0["name"]?.string?.hasPrefix("inbound|") == true }
        }
        return snapshot
    }
}
