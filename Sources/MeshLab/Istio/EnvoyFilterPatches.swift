/// Applies the EnvoyFilters that select a workload, as istiod does after it has made everything else.
/// Reference: <https://istio.io/latest/docs/reference/config/networking/envoy-filter/>
struct EnvoyFilterPatches {
    enum Context: String {
        case sidecarOutbound = "SIDECAR_OUTBOUND"
        case gateway = "GATEWAY"
    }

    var manifests: Manifests
    var workload: Workload
    var context: Context

    func apply(to snapshot: inout Snapshot) throws {
        for filter in manifests.envoyFilters.sorted(by: { ($0.spec.priority ?? 0) < ($1.spec.priority ?? 0) })
        where filter.metadata.namespace == workload.namespace
            && workload.isSelected(by: filter.spec.workloadSelector.labels)
        {
            for (index, patch) in filter.spec.configPatches.enumerated() where patch.match.context == context.rawValue {
                guard try apply(patch, to: &snapshot) else {
                    throw LabError("EnvoyFilter \(filter.metadata.name): patch \(index) matches nothing")
                }
            }
        }
    }

    /// - Returns: whether there was something to patch; istiod ignores a patch in silence where there is not.
    private func apply(_ patch: EnvoyFilter.ConfigPatch, to snapshot: inout Snapshot) throws -> Bool {
        switch (patch.applyTo, patch.patch.operation) {
        case ("CLUSTER", "ADD"):
            snapshot.clusters.append(patch.patch.value)
            return true
        case ("LISTENER", "ADD"):
            snapshot.listeners.append(patch.patch.value)
            return true
        case ("NETWORK_FILTER", let operation):
            guard let match = patch.match.listener else {
                throw LabError("an EnvoyFilter's NETWORK_FILTER matches no listener")
            }
            var found = false
            for index in snapshot.listeners.indices
            where isMatch(snapshot.listeners[index]["address"]?["socket_address"]?["port_value"], match.portNumber) {
                let chains = try (snapshot.listeners[index]["filter_chains"]?.array ?? []).map { chain in
                    guard
                        chain["filter_chain_match"]?["server_names"]?.array.contains(.string(match.filterChain.sni))
                            == true
                    else { return chain }
                    return try change(chain, match.filterChain.filter.name, operation, patch.patch.value, &found)
                }
                snapshot.listeners[index]["filter_chains"] = .array(chains)
            }
            return found
        case (let target, let operation):
            throw LabError("the lab does not know an EnvoyFilter's \(operation) of a \(target)")
        }
    }

    /// A match without a port holds for every listener that has one.
    private func isMatch(_ port: JSON?, _ wanted: Int?) -> Bool {
        guard let wanted else { return port != nil }
        return port == .int(wanted)
    }

    private func change(
        _ chain: JSON, _ name: String, _ operation: String, _ value: JSON, _ found: inout Bool
    ) throws -> JSON {
        var filters = chain["filters"]?.array ?? []
        guard let index = filters.firstIndex(where: { $0["name"] == .string(name) }) else { return chain }
        found = true
        switch operation {
        case "INSERT_BEFORE": filters.insert(value, at: index)
        case "MERGE": filters[index] = filters[index].merging(value)
        default: throw LabError("the lab does not know an EnvoyFilter's \(operation) of a network filter")
        }
        return chain.replacing("filters", .array(filters))
    }
}

extension JSON {
    fileprivate func replacing(_ key: String, _ value: JSON) -> JSON {
        var copy = self
        copy[key] = value
        return copy
    }
}
