import Foundation

/// Everything that one run measured, as tables for a terminal.
struct Report: CustomStringConvertible {
    var ratings: [Int: Load] = [:]
    var health: [Int: Load] = [:]
    var node: [Int: Load] = [:]
    /// Requests per second of each round, from the least.
    var nodeRange: [Int: [Double]] = [:]
    var nginx: [Int: Load] = [:]
    /// By number of threads.
    var driver: [Int: Load] = [:]
    /// From the start of the process to its first ratings.
    var starts: [Duration] = []
    /// The same to the first /health.
    var healthStarts: [Duration] = []
    /// MiB.
    var memoryAtRest: (now: Double, peak: Double) = (0, 0)
    /// By number of connections.
    var memoryUnderLoad: [Int: (now: Double, peak: Double)] = [:]

    var description: String {
        var lines = ["", Self.row("", ["requests/s", "p50 ms", "p99 ms", "to (a)", "to (b)", "to (c)", "to (d)"])]
        for connections in Benchmark.connections {
            lines.append("\(connections) connection\(connections == 1 ? "" : "s")")
            lines.append(row("  GET /ratings/0", ratings[connections], at: connections))
            lines.append(row("  (a) GET /health", health[connections], at: connections))
            lines.append(row("  (b) node-mongodb, one find each", node[connections], at: connections))
            lines.append(row("  (d) nginx, the same bytes", nginx[connections], at: connections))
            let range = (nodeRange[connections] ?? []).map { $0.text(digits: 0) }.joined(separator: ", ")
            lines.append("      (b) in each round: \(range)")
        }
        lines.append("(c) the bare driver, find in a loop")
        for threads in Benchmark.driverThreads {
            lines.append(row("  \(threads) thread\(threads == 1 ? "" : "s")", driver[threads], at: nil))
        }
        lines += ["", "Bars (ratios of this run)"]
        for bar in bars {
            let value = bar.value.text(digits: 2) + bar.unit
            lines.append(
                "  \(bar.name.padded(to: 52)) \(value.padded(to: 10)) \(bar.words.padded(to: 20)) "
                    + (bar.isMet ? "met" : "NOT MET"))
        }
        let missed = bars.filter { !$0.isMet }.count
        lines += ["", "Memory of the service (resident): \(memory)"]
        lines += [missed == 0 ? "All \(bars.count) bars met." : "\(missed) of \(bars.count) bars not met."]
        return lines.joined(separator: "\n")
    }

    var bars: [Bar] {
        var bars: [Bar] = []
        if let ours = ratings[1], let node = node[1] {
            bars.append(
                Bar(name: "1 connection: p50 to (b)'s", value: ours.median / node.median, limit: .atMost(0.8)))
        }
        for (connections, toNode, toNginx) in [(32, 5.5, 0.45), (256, 12.0, 0.75)] {
            guard let ours = ratings[connections], let node = node[connections], let nginx = nginx[connections],
                let driver = bestDriver
            else { continue }
            let title = "\(connections) connections: "
            bars += [
                Bar(name: title + "requests/s to (b)", value: ours.perSecond / node.perSecond, limit: .atLeast(toNode)),
                Bar(
                    name: title + "requests/s to (d)", value: ours.perSecond / nginx.perSecond,
                    limit: .atLeast(toNginx)),
                Bar(
                    name: title + "requests/s to the best of (c)", value: ours.perSecond / driver, limit: .moreThan(1)),
                Bar(
                    name: title + "p99 to (b)'s p50", value: ours.percentile99 / node.median, limit: .atMost(1)),
            ]
        }
        for (name, times, limit) in [("/health", healthStarts, 50.0), ("/ratings/0", starts, 300)] {
            guard let slowest = times.max() else { continue }
            bars.append(
                Bar(
                    name: "first \(name) after process start, slowest of \(times.count)", value: slowest.milliseconds,
                    limit: .atMost(limit), unit: " ms"))
        }
        bars.append(Bar(name: "resident memory at rest", value: memoryAtRest.now, limit: .atMost(20), unit: " MiB"))
        if let memory = memoryUnderLoad[256] {
            bars.append(
                Bar(name: "resident memory after 256 connections", value: memory.now, limit: .atMost(26), unit: " MiB"))
        }
        return bars
    }

    private var bestDriver: Double? { driver.values.map(\.perSecond).max() }

    private var memory: String {
        let loads = Benchmark.connections.compactMap { connections in
            memoryUnderLoad[connections].map { "\($0.now.text(digits: 1)) MiB after \(connections) connections" }
        }
        let peak = memoryUnderLoad.values.map(\.peak).max() ?? 0
        return (["\(memoryAtRest.now.text(digits: 1)) MiB at rest"] + loads + ["peak \(peak.text(digits: 1)) MiB"])
            .joined(separator: ", ")
    }

    private func row(_ name: String, _ load: Load?, at connections: Int?) -> String {
        guard let load else { return Self.row(name, ["-"]) }
        let others =
            connections.map { [health[$0]?.perSecond, node[$0]?.perSecond, bestDriver, nginx[$0]?.perSecond] }
            ?? [nil, nil, bestDriver, nil]
        return Self.row(
            name,
            [
                load.perSecond.text(digits: 0), load.median.milliseconds.text(digits: 2),
                load.percentile99.milliseconds.text(digits: 2),
            ] + others.map { $0.map { (load.perSecond / $0).text(digits: 2) } ?? "" })
    }

    private static func row(_ name: String, _ cells: [String]) -> String {
        name.padded(to: 34) + cells.map { String(repeating: " ", count: max(0, 11 - $0.count)) + $0 }.joined()
    }
}

extension Double {
    func text(digits: Int) -> String { String(format: "%.\(digits)f", self) }
}

extension Duration {
    var milliseconds: Double { self / .milliseconds(1) }
}

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
