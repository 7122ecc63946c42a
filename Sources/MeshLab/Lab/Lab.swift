import Foundation
import LocalMongo
import Processes

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
    /// In place of the database for a while.
    let spare = Current<Mongod>()
    let refusing = Current<ChildProcess>()
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
        gatewayWorkload = manifests.gateways.first.map { .gateway(of: $0) }
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
        async let gateway: Void = startGateway()
        try await sidecar.push(sidecarSnapshot())
        try await sidecar.start()
        try await gateway
        try await database
        try await startRatings()
    }

    private func startGateway() async throws {
        guard let gateway else { return }
        for (name, value) in manifests.sysctls { try await NetworkNamespace.egress.set(name, to: value) }
        try await startSNIProxy(in: gateway.directory) { $0 }
        try await gateway.push(gatewaySnapshot())
        try await gateway.start()
    }

    /// Where a gateway stands on the way, the pod has no other one.
    var flows: [Router.Flow] {
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

    private func startSNIProxy(in directory: String, _ change: (String) -> String) async throws {
        guard let files = manifests.configMaps.values.first(where: { $0["nginx.conf"] != nil }) else { return }
        sniProxy.set(try await SNIProxy.start(files.mapValues(change), in: "\(directory)/nginx"))
    }

    /// Starts the SNI proxy anew, where there is one, with its configuration changed.
    func replaceSNIProxy(_ change: (String) -> String) async throws {
        guard let gateway, let running = sniProxy.get() else { return }
        await running.stop()
        try await startSNIProxy(in: gateway.directory, change)
    }

    func startRatings() async throws {
        try await ratings.start(url: url)
    }

    /// What the service gets as MONGO_DB_URL. A secret.
    var url: String { url(isTLS: configuration.connection.tls) }

    /// The same for a client that no proxy helps with TLS, as all databases here want it. A secret.
    var callersURL: String { url(isTLS: true) }

    /// For a user with role `root`. A secret.
    var administratorURL: String { site.template.administratorURL(hosts: hosts, replicaSet: replicaSetName) }

    private func url(isTLS: Bool) -> String {
        site.template.url(hosts: hosts, isTLS: isTLS, replicaSet: replicaSetName)
    }

    private var hosts: [String] { configuration.isReplicaSet ? site.parameters.members : [site.parameters.host] }

    private var replicaSetName: String? { configuration.isReplicaSet ? ReplicaSet.name : nil }

    /// The sidecar's configuration.
    ///
    /// - Parameters:
    ///   - manifests: nil: the configuration's own.
    ///   - workload: whose certificate the sidecar shows.
    ///   - isDualStack: whether the pod has addresses of both families.
    ///   - ca: what the ConfigMap holds; nil: the CA of the database.
    func sidecarSnapshot(
        _ manifests: Manifests? = nil, as workload: Workload = .ratings, ca: String? = nil, isDualStack: Bool = false
    )
        async throws
        -> Snapshot
    {
        var secrets = try await site.authority.secrets(for: workload)
        let name = "configmap://\(site.parameters.namespace)/ratings-mongodb-ca-cacert"
        let certificate = ca ?? site.template.caFile
        secrets.files[name] = "\(certificate).json"
        try Secrets.write(ca: certificate, as: name, to: "\(certificate).json")
        return try Translation(
            registry: Registry(
                manifests: manifests ?? self.manifests, workload: .ratings, tls: MeshTLS(secrets: secrets),
                isDualStack: isDualStack)
        ).snapshot()
    }

    /// The gateway's configuration.
    ///
    /// - Parameter manifests: nil: the configuration's own.
    func gatewaySnapshot(_ manifests: Manifests? = nil, isDualStack: Bool = false) async throws -> Snapshot {
        guard let workload = gatewayWorkload else { throw LabError("\(configuration.name) has no gateway") }
        let tls = MeshTLS(secrets: try await site.authority.secrets(for: workload))
        return try Translation(
            registry: Registry(
                manifests: manifests ?? self.manifests, workload: workload, tls: tls, isDualStack: isDualStack),
            peerLog: gateway?.peerLogFile ?? "/dev/null"
        ).snapshot()
    }

    /// The database's host and port, for a person.
    public var target: String {
        let hosts = configuration.isReplicaSet ? site.parameters.members : [site.parameters.host]
        return hosts.map { "\($0):\(site.parameters.port)" }.joined(separator: ", ")
    }

    /// Takes everything down, at once: nobody looks any more.
    public func down() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.ratings.kill() }
            for envoy in [sidecar, gateway].compactMap({ $0 }) { group.addTask { await envoy.stop() } }
            group.addTask { await self.sniProxy.get()?.stop() }
            for mongod in [database, spare] { group.addTask { await mongod.get()?.kill() } }
            group.addTask { await self.replicaSet.get()?.stop() }
            group.addTask { _ = await self.refusing.get()?.stop(grace: .zero) }
        }
    }
}
