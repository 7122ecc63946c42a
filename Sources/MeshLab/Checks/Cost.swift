import Foundation
import LocalMongo

/// What each way costs: times of GET /ratings/0, one request after the other on one connection, against the same without
/// any proxy, all in one run.
public struct Cost: Sendable {
    /// Times of one way, sorted.
    struct Row: Sendable {
        var name: String
        var times: [Duration]

        func percentile(_ share: Double) -> Duration { times[min(times.count - 1, Int(Double(times.count) * share))] }
    }

    private var rows: [Row] = []

    /// - Parameter requests: for each way, after a tenth of that to warm up.
    public static func measure(requests: Int = 4000) async throws -> Cost {
        let site = try await Site.make()
        var cost = Cost()
        Console.tell("no proxy")
        cost.rows.append(
            try await Lab.withoutProxies(site) {
                try await row("no proxy", right: site.expectations.named("tcp").body, requests)
            })
        for configuration in site.expectations.configurations where !configuration.isBlocked {
            Console.tell(configuration.name)
            let lab = try await Lab.up(configuration, at: site)
            cost.rows.append(try await row(configuration.name, right: configuration.body, requests))
            await lab.down()
        }
        return cost
    }

    private static func row(_ name: String, right body: String, _ requests: Int) async throws -> Row {
        try await Blocking.run {
            let connection = try HTTPConnection(to: Reviews.address)
            var times: [Duration] = []
            for index in 0..<(requests + requests / 10) {
                let start = ContinuousClock.now
                let response = try connection.request("GET", "/ratings/0")
                let time = ContinuousClock.now - start
                guard response.body == body else { throw LabError("\(name): \(response.status) \(response.body)") }
                if index >= requests / 10 { times.append(time) }
            }
            return Row(name: name, times: times.sorted())
        }
    }

    /// A Markdown table.
    public var table: String {
        let base = rows.first?.percentile(0.5) ?? .zero
        return
            (["| way | median | p99 | median against no proxy |", "|---|---|---|---|"]
            + rows.map { row in
                let median = row.percentile(0.5)
                return "| \(row.name) | \(median.microseconds) | \(row.percentile(0.99).microseconds) "
                    + String(format: "| %.2f |", median.seconds / base.seconds)
            }).joined(separator: "\n")
    }
}

extension Duration {
    /// In microseconds, for a table.
    var microseconds: String { String(format: "%.0f µs", seconds * 1e6) }
}
