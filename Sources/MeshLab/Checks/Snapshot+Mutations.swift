/// Changes that the mutations make.
extension Snapshot {
    /// Clusters for the way to the database under names that nobody expects.
    func renamingClusters() -> Snapshot {
        mapTexts { text in
            text.hasPrefix("outbound|") ? "renamed|\(text.dropFirst("outbound|".count))" : text
        }
    }

    func withoutKeepalive() -> Snapshot {
        var copy = self
        copy.clusters = clusters.map {
            var cluster = $0
            cluster["upstream_connection_options"] = nil
            return cluster
        }
        return copy
    }

    /// - Throws: ``LabError`` where there is no such filter.
    func removingFilters(_ name: String) throws -> Snapshot {
        var copy = self
        copy.listeners = listeners.map { $0.removing(name) }
        try require(copy.listeners != listeners, "no filter \(name) to take out")
        return copy
    }

    /// Names are looked up as AAAA records, as in a pod of IPv6 alone.
    func lookingUpIPv6() -> Snapshot {
        // A running Envoy refuses other settings for a cache that it has.
        mapTexts { $0 == "V4_ONLY" ? "V6_ONLY" : $0.hasSuffix("_dns_cache") ? "\($0)_ipv6" : $0 }
    }

    private func mapTexts(_ change: (String) -> String) -> Snapshot {
        Snapshot(listeners: listeners.map { $0.mapTexts(change) }, clusters: clusters.map { $0.mapTexts(change) })
    }
}

extension JSON {
    func mapTexts(_ change: (String) -> String) -> JSON {
        switch self {
        case .object(let members): .object(members.mapValues { $0.mapTexts(change) })
        case .array(let values): .array(values.map { $0.mapTexts(change) })
        case .string(let text): .string(change(text))
        default: self
        }
    }

    /// Without what has this name, wherever it stands in a list.
    fileprivate func removing(_ name: String) -> JSON {
        switch self {
        case .object(let members): .object(members.mapValues { $0.removing(name) })
        case .array(let values): .array(values.filter { $0["name"]?.string != name }.map { $0.removing(name) })
        default: self
        }
    }
}
