import Foundation

/// What `kubectl kustomize bookinfo/egress/NAME` renders, read into the kinds that the lab carries out.
public struct Manifests: Sendable {
    public var serviceEntries: [Resource<ServiceEntry>] = []
    public var virtualServices: [Resource<VirtualService>] = []
    public var destinationRules: [Resource<DestinationRule>] = []
    public var gateways: [Resource<Gateway>] = []
    public var authorizationPolicies: [Resource<AuthorizationPolicy>] = []
    public var envoyFilters: [Resource<EnvoyFilter>] = []
    public var sidecarScopes: [Resource<SidecarScope>] = []
    /// Contents of the ConfigMaps, by name.
    public var configMaps: [String: [String: String]] = [:]

    public init() {}

    /// Renders a configuration as `kubectl apply -k` would.
    ///
    /// - Parameters:
    ///   - directory: a folder with a kustomization.
    ///   - kubectl: the program.
    /// - Throws: ``LabError`` where it does not render, or says something that the lab would not carry out.
    public static func render(_ directory: String, kubectl: String) async throws -> Manifests {
        let yaml = try await Command.run(kubectl, ["kustomize", directory])
        return try Manifests(await KubernetesYAML.read(yaml, kubectl: kubectl))
    }

    init(_ documents: [JSON]) throws {
        for document in documents { try add(document) }
    }

    /// Both together, as where one configuration stands on another.
    public func adding(_ other: Manifests) -> Manifests {
        var sum = self
        sum.serviceEntries += other.serviceEntries
        sum.virtualServices += other.virtualServices
        sum.destinationRules += other.destinationRules
        sum.gateways += other.gateways
        sum.authorizationPolicies += other.authorizationPolicies
        sum.envoyFilters += other.envoyFilters
        sum.sidecarScopes += other.sidecarScopes
        sum.configMaps.merge(other.configMaps) { $1 }
        return sum
    }

    private mutating func add(_ document: JSON) throws {
        switch document["kind"]?.string {
        case "ServiceEntry": serviceEntries.append(try Self.exactly(document))
        case "VirtualService": virtualServices.append(try Self.exactly(document))
        case "DestinationRule": destinationRules.append(try Self.exactly(document))
        case "Gateway": gateways.append(try Self.exactly(document))
        case "AuthorizationPolicy": authorizationPolicies.append(try Self.exactly(document))
        case "EnvoyFilter": envoyFilters.append(try Self.exactly(document))
        case "Sidecar": sidecarScopes.append(try Self.exactly(document))
        case "ConfigMap":
            struct ConfigMap: Codable {
                struct Metadata: Codable { var name: String }
                var metadata: Metadata
                var data: [String: String]
            }
            let map = try document.decode(ConfigMap.self)
            configMaps[map.metadata.name] = map.data
        case "Deployment", "Service", "ServiceAccount":
            // The second gateway's workload: in the lab, the proxy in the namespace `egress`.
            break
        case let kind:
            throw LabError("the lab cannot carry out a manifest of kind \(kind ?? "(none)")")
        }
    }

    /// Decodes a resource, and refuses one that says more than what was decoded: a field that the lab does not know would
    /// be a rule that it does not enforce.
    private static func exactly<Spec>(_ document: JSON) throws -> Resource<Spec> {
        let resource = try document.decode(Resource<Spec>.self)
        let understood = try JSONDecoder().decode(JSON.self, from: JSONEncoder().encode(resource))
        if let path = document.firstDifference(from: understood) {
            throw LabError(
                "\(resource.kind) \(resource.metadata.name): the lab does not understand \(path), so it would not enforce it"
            )
        }
        return resource
    }
}

extension JSON {
    /// The path of something that is here and not, or not the same, in `other`; labels and annotations aside.
    func firstDifference(from other: JSON?, path: String = "") -> String? {
        switch (self, other) {
        case (.object(let members), .object(let others)):
            for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                if path == "metadata", key != "name", key != "namespace" { continue }
                let inner = path.isEmpty ? key : "\(path).\(key)"
                if let found = value.firstDifference(from: others[key], path: inner) { return found }
            }
            return nil
        case (.array(let values), .array(let others)) where values.count == others.count:
            for (index, (value, other)) in zip(values, others).enumerated() {
                if let found = value.firstDifference(from: other, path: "\(path)[\(index)]") { return found }
            }
            return nil
        default:
            return self == other ? nil : path
        }
    }
}
