/// Envoy's `/clusters`: how many connections each endpoint of each cluster has got, and how many of them failed
/// (<https://www.envoyproxy.io/docs/envoy/latest/operations/admin#get--clusters>).
struct SidecarCounters: Sendable {
    struct Endpoint: Sendable, Hashable {
        let cluster: String
        let address: String
    }

    struct Count: Sendable, Equatable {
        /// `cx_total`
        var connections = 0
        /// `cx_connect_fail`
        var failed = 0
    }

    private(set) var counts: [Endpoint: Count] = [:]
    private(set) var clusters: Set<String> = []
    /// Clusters with an endpoint that may be used (`health_flags::healthy`).
    private(set) var usableClusters: Set<String> = []

    /// - Parameter text: a line for each fact, `CLUSTER::ADDRESS::cx_total::2`.
    init(_ text: String) {
        for line in text.split(whereSeparator: { $0 == "\n" }) {
            guard let name = line.firstPart, let value = line.lastPart,
                let statistic = line.dropLast(value.count + 2).lastPart
            else { continue }
            clusters.insert(String(name))
            if statistic == "health_flags", value == "healthy" { usableClusters.insert(String(name)) }
            let address = line.dropFirst(name.count + 2).dropLast(value.count + statistic.count + 4)
            guard let number = Int(value), !address.isEmpty else { continue }
            let endpoint = Endpoint(cluster: String(name), address: String(address))
            switch statistic {
            case "cx_total": counts[endpoint, default: Count()].connections = number
            case "cx_connect_fail": counts[endpoint, default: Count()].failed = number
            default: break
            }
        }
    }

    /// What has been added since, where anything has, on the way out: istiod names those clusters `outbound|PORT|SUBSET|HOST`.
    func rises(since before: SidecarCounters) -> [Endpoint: Count] {
        var rises: [Endpoint: Count] = [:]
        for (endpoint, count) in counts {
            guard endpoint.cluster.hasPrefix("outbound|") || endpoint.cluster == SidecarSight.passthrough else {
                continue
            }
            let old = before.counts[endpoint] ?? Count()
            let rise = Count(connections: count.connections - old.connections, failed: count.failed - old.failed)
            if rise.connections > 0 || rise.failed > 0 { rises[endpoint] = rise }
        }
        return rises
    }
}

extension Substring {
    /// Up to the first `::`; addresses may hold further ones.
    fileprivate var firstPart: Substring? {
        indices.first { self[$0...].hasPrefix("::") }.map { self[..<$0] }
    }

    /// Behind the last `::`.
    fileprivate var lastPart: Substring? {
        indices.last { self[$0...].hasPrefix("::") }.map { self[index($0, offsetBy: 2)...] }
    }
}
