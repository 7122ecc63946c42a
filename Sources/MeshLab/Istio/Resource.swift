/// A Kubernetes resource, with the part of its specification that the lab understands.
public struct Resource<Spec: Codable & Sendable>: Codable, Sendable {
    public var apiVersion: String
    public var kind: String
    public var metadata: ResourceMetadata
    public var spec: Spec

    /// Whether what `exportTo` says lets the workloads of `namespace` see it; no `exportTo` means everywhere.
    func isVisible(in namespace: String, exportTo: [String]?) -> Bool {
        (exportTo ?? ["*"]).contains { scope in
            scope == "*" || scope == namespace || (scope == "." && metadata.namespace == namespace)
        }
    }
}

public struct ResourceMetadata: Codable, Sendable {
    public var name: String
    public var namespace: String
}
