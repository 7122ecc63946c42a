import Foundation
import LocalMongo

/// What each way costs: times of GET /ratings/0, one request after the other on one connection, against the same without
/// any proxy, all in one run.
public struct Cost: Sendable {
    private var names: [String] = []
    /// Sorted times in seconds, for each round.
    private var rounds: [String: [[Double]]] = [:]

    /// Measures each way in turn, several times; the quietest round of each way counts, so that what else the machine does
    /// falls on none of them.
    ///
    /// - Parameter requests: for each way and round, after a tenth of that to warm up.
    public static func measure(requests: Int = 1500, rounds: Int = 3) async throws -> Cost {
        let site = try await Site.make()
        let body = try site.expectations.named("tcp").body
        var cost = Cost()
        for round in 1...rounds {
            for hasInboundSidecar in [false, true] {
                let baseline = Baseline(site: site, hasInboundSidecar: hasInboundSidecar)
                Console.tell("round \(round) of \(rounds): \(baseline.name)")
                cost.add(baseline.name, try await baseline.run { try await time(requests, right: body) })
            }
            for configuration in site.expectations.configurations where !configuration.isBlocked {
                Console.tell("round \(round) of \(rounds): \(configuration.name)")
                let lab = try await Lab.up(configuration, at: site)
                cost.add(configuration.name, try await time(requests, right: configuration.body))
                await lab.down()
            }
        }
        return cost
    }

    private mutating func add(_ name: String, _ times: [Duration]) {
        if rounds[name] == nil { names.append(name) }
        rounds[name, default: []].append(times.map(\.seconds).sorted())
    }

    /// Of the round with the lowest median.
    private func percentile(_ name: String, _ share: Double) -> Double {
        let best = (rounds[name] ?? []).min { $0[$0.count / 2] < $1[$1.count / 2] } ?? []
        return best.isEmpty ? 0 : best[min(best.count - 1, Int(Double(best.count) * share))]
    }

    private static func time(_ requests: Int, right body: String) async throws -> [Duration] {
        try await Blocking.run {
            let connection = try HTTPConnection(to: Reviews.address)
            var times: [Duration] = []
            for index in 0..<(requests + requests / 10) {
                let start = ContinuousClock.now
                let response = try connection.request("GET", "/ratings/0")
                let time = ContinuousClock.now - start
                guard response.body == body else { throw LabError("\(response.status) \(response.body)") }
                if index >= requests / 10 { times.append(time) }
            }
            return times
        }
    }

    /// A Markdown table.
    public var table: String {
        var lines = ["| way | median | p99 | median against no proxy |", "|---|---|---|---|"]
        for name in names {
            let median = percentile(name, 0.5)
            lines.append(
                String(
                    format: "| %@ | %.0f µs | %.0f µs | %.2f |", name, median * 1e6, percentile(name, 0.99) * 1e6,
                    median / percentile(names[0], 0.5)))
        }
        return lines.joined(separator: "\n")
    }
}
