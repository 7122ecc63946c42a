import Foundation
import Processes

/// Every configuration with every check.
public struct Matrix: Sendable, Codable {
    public var checks: [Check]
    /// For all configurations.
    public var seconds: Double

    public var isPassed: Bool { !checks.isEmpty && checks.allSatisfy(\.isPassed) }

    /// Runs a lab's share of the matrix, inside the lab's namespaces, one configuration after the other; tells each check as it
    /// ends.
    public static func run(_ names: [String], shared: SharedWork) async throws {
        let site = try await Site.make()
        for configuration in try names.map(site.expectations.named) where shared.take(configuration.name) {
            let name = configuration.name
            shared.tell("\(name): \(configuration.description)", of: name)
            let list = Checklist(name) { check in
                shared.tell("  \(check.isPassed ? "✓" : "✗") \(check.name): \(check.detail)", of: name)
            }
            do {
                let lab = try await Lab.up(configuration, at: site)
                await lab.runChecks(list)
                await lab.down()
            } catch {
                await list.check("bring-up") { throw error }
            }
            try shared.finish(name, list.checks)
        }
    }

    /// The matrix that several labs share.
    ///
    /// - Throws: ``LabError`` where a lab ended badly, and no check says why.
    public static func collect(_ names: [String], _ shared: SharedWork, from labs: [ChildProcess]) async throws
        -> Matrix
    {
        let start = ContinuousClock.now
        let (reports, isWhole) = try await shared.collect(names, from: labs) { name in
            [
                Check(
                    configuration: name, name: "bring-up", isPassed: false,
                    detail: "the lab ended before it was through with it", seconds: 0)
            ]
        }
        let matrix = Matrix(checks: reports.flatMap(\.self), seconds: (ContinuousClock.now - start).seconds)
        if !isWhole, matrix.isPassed { throw LabError("a lab ended badly") }
        return matrix
    }

    /// The check of the drain time alone, by SNI straight from the sidecar.
    public static func drain(_ seconds: Int) async throws -> String {
        let site = try await Site.make()
        let lab = try await Lab.up(site.expectations.named("tls"), at: site)
        return try await mended {
            try await DrainCheck(lab: lab, seconds: seconds).run()
        } by: {
            await lab.down()
        }
    }

    /// A table for a person: configuration, answer, way, time; then what failed.
    public var table: String {
        var lines = ["| configuration | answer | way proved | checks | time |", "|---|---|---|---|---|"]
        for name in names {
            let own = checks.filter { $0.configuration == name }
            let failed = own.filter { !$0.isPassed }.count
            let time = String(format: "%.1f s", own.map(\.seconds).reduce(0, +))
            lines.append(
                "| \(name) | \(cell("answer", own)) | \(cell("way", own)) "
                    + "| \(failed == 0 ? "\(own.count) passed" : "\(failed) of \(own.count) FAILED") | \(time) |")
        }
        for check in checks where !check.isPassed {
            lines.append("FAILED: \(check.configuration), \(check.name): \(check.detail)")
        }
        let failed = checks.filter { !$0.isPassed }.count
        lines.append("")
        lines.append(String(format: "%d passed, %d failed, in %.0f s", checks.count - failed, failed, seconds))
        return lines.joined(separator: "\n")
    }

    private var names: [String] {
        checks.map(\.configuration).reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }

    private func cell(_ name: String, _ checks: [Check]) -> String {
        guard let check = checks.first(where: { $0.name == name }) else { return "✗ not reached" }
        return check.isPassed ? check.detail : "✗"
    }
}

extension Lab {
    /// Every check that the configuration has.
    ///
    /// - Parameter ofWayOnly: those of the way and its gateway only.
    func runChecks(_ list: Checklist, ofWayOnly: Bool = false) async {
        await WayChecks(lab: self).run(list)
        guard !ofWayOnly else { return }
        if let gateway { await GatewayChecks(lab: self, gateway: gateway).run(list) }
        await TrapChecks(lab: self).run(list)
        await DiagnosisChecks(lab: self).run(list)
        await ChangeChecks(lab: self).run(list)
    }
}
