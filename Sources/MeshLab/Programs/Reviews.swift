import LocalMongo

/// The caller: asks as reviews would, through the pod's inbound listener.
enum Reviews {
    static let address = HTTPConnection.Address.inet(Topology.pod, SidecarInbound.port)

    /// An answer and how long it took.
    struct Answer: Sendable {
        var status: Int
        var body: String
        var duration: Duration
    }

    static func get(_ path: String = "/ratings/0") async throws -> Answer {
        try await Blocking.run {
            let start = ContinuousClock.now
            let response = try HTTPConnection(to: address).request("GET", path)
            return Answer(status: response.status, body: response.body, duration: ContinuousClock.now - start)
        }
    }
}
