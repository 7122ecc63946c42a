/// A workload with a proxy: who it is and which manifests select it.
public struct Workload: Sendable {
    public var name: String
    public var namespace: String
    public var serviceAccount: String
    public var labels: [String: String]
    public var address: String
    /// Whether its proxy stands alone, and not beside a service.
    public var isGateway = false

    /// Its name in certificates (<https://istio.io/latest/docs/concepts/security/#istio-identity>).
    var identity: String { "spiffe://cluster.local/ns/\(namespace)/sa/\(serviceAccount)" }

    /// The name of its Service.
    var serviceHost: String { "\(name).\(namespace).svc.cluster.local" }

    func isSelected(by selector: [String: String]) -> Bool {
        selector.allSatisfy { labels[$0] == $1 }
    }

    static let ratings = Workload(
        name: "ratings-v2", namespace: "default", serviceAccount: "bookinfo-ratings-v2",
        labels: ["app": "ratings", "version": "v2"], address: Topology.pod)

    /// The egress gateway of the configuration: the one that its Gateway selects.
    static func gateway(of gateway: Resource<Gateway>) -> Workload {
        let selector = gateway.spec.selector
        let isManaged = selector[KubernetesGateway.nameLabel] != nil
        let name =
            isManaged
            ? KubernetesGateway.serviceName(gateway.metadata.name) : "istio-\(selector["istio"] ?? "egressgateway")"
        return Workload(
            name: name, namespace: isManaged ? gateway.metadata.namespace : "istio-system", serviceAccount: name,
            labels: selector.merging(["app": name]) { old, _ in old }, address: Topology.gateway, isGateway: true)
    }
}
