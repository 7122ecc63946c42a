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
    private var tlsRoutes: [Resource<TLSRoute>] = []
    private var backendTLSPolicies: [Resource<BackendTLSPolicy>] = []
    /// Contents of the ConfigMaps, by name.
    public var configMaps: [String: [String: String]] = [:]
    /// The kernel's parameters that Deployments ask for in their pods, by name.
    public var sysctls: [String: String] = [:]

    public init() {}

    /// Renders a configuration as `kubectl apply -k` would.
    ///
    /// - Parameters:
    ///   - directory: a folder with a kustomization.
    ///   - kubectl: the program.
    /// - Throws: ``LabError`` where it does not render, or says something that the lab would not carry out.
    public static func render(_ directory: String, kubectl: String) async throws -> Manifests {
        let yaml = try await Command.run(kubectl, ["kustomize", directory])
        do {
            return try Manifests(await KubernetesYAML.read(yaml, kubectl: kubectl))
        } catch let error as LabError {
            throw LabError("\(file(of: error, in: directory)): \(error)")
        }
    }

    /// The file that holds the resource which the error begins with; the folder where that is not known.
    private static func file(of error: LabError, in directory: String) -> String {
        let words = error.description.split(separator: ":")[0].split(separator: " ").map(String.init)
        let files = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        let found = files.filter { $0.hasSuffix(".yaml") }.sorted().first { file in
            let text = (try? String(contentsOfFile: "\(directory)/\(file)", encoding: .utf8)) ?? ""
            return words.count == 2 && text.contains("kind: \(words[0])") && text.contains("name: \(words[1])")
        }
        return found.map { "\(directory)/\($0)" } ?? directory
    }

    init(_ documents: [JSON]) throws {
        for document in documents { try add(document) }
        // Last, since they refer to the others.
        virtualServices += try tlsRoutes.map {
            try TLSRoute.translated($0, gateways: gateways, entries: serviceEntries)
        }
        destinationRules += try backendTLSPolicies.flatMap {
            try BackendTLSPolicy.translated($0, entries: serviceEntries)
        }
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
        sum.sysctls.merge(other.sysctls) { $1 }
        return sum
    }

    private mutating func add(_ document: JSON) throws {
        switch document["kind"]?.string {
        case "ServiceEntry": serviceEntries.append(try Self.exactly(document))
        case "VirtualService": virtualServices.append(try Self.exactly(document))
        case "DestinationRule": destinationRules.append(try Self.exactly(document))
        case "Gateway" where document["apiVersion"]?.string?.hasPrefix("gateway.networking.k8s.io/") == true:
            gateways.append(try KubernetesGateway.translated(Self.exactly(document)))
        case "Gateway": gateways.append(try Self.exactly(document))
        case "TLSRoute": tlsRoutes.append(try Self.exactly(document))
        case "BackendTLSPolicy": backendTLSPolicies.append(try Self.exactly(document))
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
        case "Deployment":
            // The second gateway's workload: in the lab, the proxy in the namespace `egress`.
            struct Deployment: Codable {
                struct Sysctl: Codable { var name, value: String }
                struct SecurityContext: Codable { var sysctls: [Sysctl]? }
                struct Pod: Codable { var securityContext: SecurityContext? }
                struct Template: Codable { var spec: Pod }
                struct Spec: Codable { var template: Template }
                var spec: Spec
            }
            let pod = try document.decode(Deployment.self).spec.template.spec
            for sysctl in pod.securityContext?.sysctls ?? [] { sysctls[sysctl.name] = sysctl.value }
        case "Service", "ServiceAccount":
            break
        case "Telemetry":
            // In the lab every proxy writes its access log.
            break
        case let kind:
            throw LabError("the lab cannot carry out a manifest of kind \(kind ?? "(none)")")
        }
    }

    /// Decodes a resource, and refuses one that says more than what was decoded: a field that the lab does not know would
    /// be a rule that it does not enforce.
    private static func exactly<Spec>(_ document: JSON) throws -> Resource<Spec> {
        let name =
            "\(document["kind"]?.string ?? "a manifest") \(document["metadata"]?["name"]?.string ?? "without a name")"
        let resource: Resource<Spec>
        do {
            resource = try document.decode(Resource<Spec>.self)
        } catch let error as DecodingError {
            throw LabError("\(name): \(error.words)")
        }
        let understood = try JSONDecoder().decode(JSON.self, from: JSONEncoder().encode(resource))
        if let path = document.firstDifference(from: understood) {
            throw LabError(
                "\(name): the lab does not understand \(path), so it would not enforce it"
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

extension DecodingError {
    /// The field and what is wrong with it.
    var words: String {
        func field(_ path: [any CodingKey]) -> String {
            path.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }.joined().trimmingPrefix(".")
                .description
        }
        switch self {
        case .keyNotFound(let key, let context): return "\(field(context.codingPath + [key])) is missing"
        case .typeMismatch(_, let context): return "\(field(context.codingPath)): \(context.debugDescription)"
        case .valueNotFound(_, let context): return "\(field(context.codingPath)) is empty"
        case .dataCorrupted(let context): return "\(field(context.codingPath)): \(context.debugDescription)"
        @unknown default: return "it cannot be read"
        }
    }
}
