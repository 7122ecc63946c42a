import Foundation

/// Everything that one run measured, as tables for a terminal.
struct Report: CustomStringConvertible {
    var ratings: [Int: Load] = [:]
    var health: [Int: Load] = [:]
    var node: [Int: Load] = [:]
    /// By number of threads.
    var driver: [Int: Load] = [:]
    /// From the start of the process to its first answer.
    var starts: [Duration] = []
    /// MiB.
    var memoryAtRest: (now: Double, peak: Double) = (0, 0)
    /// By number of connections.
    var memoryUnderLoad: [Int: (now: Double, peak: Double)] = [:]

    var description: String {
        var lines = ["", Self.row("", ["requests/s", "p50 ms", "p99 ms", "to (a)", "to (b)", "to (c)"])]
        for connections in Benchmark.connections {
            lines.append("\(connections) connection\(connections == 1 ? "" : "s")")
            lines.append(row("  GET /ratings/0", ratings[connections], at: connections))
            lines.append(row("  (a) GET /health", health[connections], at: connections))
            lines.append(row("  (b) node-mongodb, one find each", node[connections], at: connections))
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
        for (connections, toNode, toHealth) in [(32, 4.0, 0.6), (256, 6.0, 0.75)] {
            guard let ours = ratings[connections], let node = node[connections], let health = health[connections],
                let driver = bestDriver
            else { continue }
            let title = "\(connections) connections: "
            bars += [
                Bar(name: title + "requests/s to (b)", value: ours.perSecond / node.perSecond, limit: .atLeast(toNode)),
                Bar(
                    name: title + "requests/s to (a)", value: ours.perSecond / health.perSecond,
                    limit: .atLeast(toHealth)),
                Bar(
                    name: title + "requests/s to the best of (c)", value: ours.perSecond / driver, limit: .moreThan(1)),
                Bar(
                    name: title + "p99 to (b)'s p50", value: ours.percentile99 / node.median, limit: .atMost(1)),
            ]
        }
        if let slowest = starts.max() {
            bars.append(
                Bar(
                    name: "first answer after process start, slowest of \(starts.count)", value: slowest.milliseconds,
                    limit: .atMost(300), unit: " ms"))
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
            connections.map { [health[$0]?.perSecond, node[$0]?.perSecond, bestDriver] } ?? [nil, nil, bestDriver]
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
