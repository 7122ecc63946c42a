import Foundation
import LocalMongo

/// One configuration, up and running.
public final class Lab: Sendable {
    public let configuration: Configuration
    public let site: Site
    let manifests: Manifests
    let sidecar: Envoy
    /// nil where the configuration has none.
    let gateway: Envoy?
    let ratings: Ratings
    let sniProxy = Current<SNIProxy>()
    let database = Current<Mongod>()
    let replicaSet = Current<ReplicaSet>()
    private let gatewayWorkload: Workload?

    /// Brings everything up.
    public static func up(_ configuration: Configuration, at site: Site) async throws -> Lab {
        let lab = try await Lab(configuration, site, site.manifests(configuration.name))
        do {
            try await lab.start()
            return lab
        } catch {
            await lab.down()
            throw error
        }
    }

    private init(_ configuration: Configuration, _ site: Site, _ manifests: Manifests) throws {
        self.configuration = configuration
        self.site = site
        self.manifests = manifests
        let directory = "\(Isolation.directory)/\(configuration.name)"
        sidecar = try Envoy(
            "sidecar", for: .ratings, in: .pod, binary: site.tools.envoy, directory: "\(directory)/sidecar")
        gatewayWorkload = manifests.gateways.first.map { .gateway(selectedBy: $0.spec.selector) }
        gateway = try gatewayWorkload.map {
            try Envoy(
                "egress gateway", for: $0, in: .egress, binary: site.tools.envoy, directory: "\(directory)/gateway")
        }
        ratings = Ratings(binary: site.tools.ratings, log: "\(directory)/ratings.log")
    }

    private func start() async throws {
        try site.publish()
        try await Router.allow(flows)
        async let database: Void = startDatabase()
        if let gateway, let gatewayWorkload {
            if let nginx = manifests.configMaps.values.first(where: { $0["nginx.conf"] != nil }) {
                sniProxy.set(try await SNIProxy.start(nginx, in: "\(gateway.directory)/nginx"))
            }
            try await gateway.push(gatewaySnapshot(gatewayWorkload))
            try await gateway.start()
        }
        try await sidecar.push(sidecarSnapshot())
        try await sidecar.start()
        try await database
        try await startRatings()
    }

    /// Where a gateway stands on the way, the pod has no other one.
    private var flows: [Router.Flow] {
        gateway == nil
            ? [.init(from: .pod, to: .external)]
            : [.init(from: .pod, to: .egress), .init(from: .egress, to: .external)]
    }

    private func startDatabase() async throws {
        if configuration.isReplicaSet {
            replicaSet.set(try await ReplicaSet.start(site.template, hosts: site.parameters.members))
        } else {
            let mongod = try await site.template.mongod("database", address: site.parameters.address)
            try await mongod.start()
            database.set(mongod)
        }
    }

    func startRatings() async throws {
        let hosts = configuration.isReplicaSet ? site.parameters.members : [site.parameters.host]
        try await ratings.start(
            url: site.template.url(
                hosts: hosts, isTLS: configuration.connection.tls,
                replicaSet: configuration.isReplicaSet ? ReplicaSet.name : nil))
    }

    /// The sidecar's configuration.
    ///
    /// - Parameters:
    ///   - manifests: nil: the configuration's own.
    ///   - workload: whose certificate the sidecar shows.
    func sidecarSnapshot(_ manifests: Manifests? = nil, as workload: Workload = .ratings) async throws -> Snapshot {
        let manifests = manifests ?? self.manifests
        var snapshot = Snapshot()
        SidecarInbound().add(to: &snapshot)
        var registry = Registry(
            manifests: manifests, workload: .ratings, tls: try await site.authority.certificate(for: workload))
        registry.files = ["/etc/ratings-mongodb-ca/ca.crt": site.template.caFile]
        try SidecarOutbound(registry: registry).add(to: &snapshot)
        try EnvoyFilterPatches(manifests: manifests, workload: .ratings, context: .sidecarOutbound).apply(to: &snapshot)
        return snapshot
    }

    private func gatewaySnapshot(_ workload: Workload) async throws -> Snapshot {
        var snapshot = Snapshot()
        let registry = Registry(
            manifests: manifests, workload: workload, tls: try await site.authority.certificate(for: workload))
        try GatewayListeners(registry: registry, peerLog: gateway?.peerLogFile ?? "").add(to: &snapshot)
        try EnvoyFilterPatches(manifests: manifests, workload: workload, context: .gateway).apply(to: &snapshot)
        return snapshot
    }

    /// The database's host and port, for a person.
    public var target: String {
        let hosts = configuration.isReplicaSet ? site.parameters.members : [site.parameters.host]
        return hosts.map { "\($0):\(site.parameters.port)" }.joined(separator: ", ")
    }

    /// Takes everything down.
    public func down() async {
        await ratings.stop()
        await sidecar.stop()
        await gateway?.stop()
        await sniProxy.get()?.stop()
        await database.get()?.kill()
        await replicaSet.get()?.stop()
    }
}
