/// What istiod would push to one proxy: its listeners and clusters.
struct Snapshot: Sendable, Equatable {
    var listeners: [JSON] = []
    var clusters: [JSON] = []

    /// The names that stand for "nowhere" and "wherever the client wanted".
    static let blackHole = "BlackHoleCluster"
    static let passthrough = "PassthroughCluster"

    mutating func add(cluster: JSON) {
        if !clusters.contains(where: { $0["name"] == cluster["name"] }) { clusters.append(cluster) }
    }
}
