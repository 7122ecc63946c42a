import LocalMongo

/// The service and its database with no proxy on the way out, for comparison.
struct Baseline {
    var site: Site
    /// Whether the sidecar still takes requests in.
    var hasInboundSidecar: Bool

    var name: String { hasInboundSidecar ? "inbound sidecar only" : "no proxy" }

    func run<Value>(_ body: () async throws -> Value) async throws -> Value {
        let directions = PodFirewall.Direction.allCases.filter { !hasInboundSidecar || $0 == .outbound }
        try site.publish()
        try await Router.allow([.init(from: .pod, to: .external)])
        let mongod = try await site.template.mongod("database", address: site.parameters.address)
        let ratings = Ratings(binary: site.tools.ratings, log: "\(Isolation.directory)/ratings.log")
        let sidecar = try Envoy(
            "sidecar", for: .ratings, in: .pod, binary: site.tools.envoy, directory: "\(Isolation.directory)/baseline")
        try await PodFirewall.detach(directions, in: .pod)
        try await mongod.start()
        if hasInboundSidecar {
            var snapshot = Snapshot()
            SidecarInbound().add(to: &snapshot)
            try await sidecar.push(snapshot)
            try await sidecar.start()
        }
        try await ratings.start(url: site.template.url(hosts: [site.parameters.host], isTLS: true))
        let value = try await body()
        await ratings.stop()
        await sidecar.stop()
        await mongod.kill()
        try await PodFirewall.attach(directions, in: .pod)
        return value
    }
}
