import Foundation

/// Every configuration with every check.
public struct Matrix: Sendable, Codable {
    public var checks: [Check]
    /// For all configurations.
    public var seconds: Double

    public var isPassed: Bool { !checks.isEmpty && checks.allSatisfy(\.isPassed) }

    /// Runs the matrix, one configuration after the other, inside the lab's namespaces; tells each check as it ends.
    ///
    /// - Parameters:
    ///   - names: nil: all.
    ///   - shared: with other labs, which take what this one does not.
    public static func run(_ names: [String]? = nil, shared: SharedMatrix? = nil) async throws -> Matrix {
        let start = ContinuousClock.now
        let site = try await Site.make()
        var checks: [Check] = []
        for configuration in try names?.map(site.expectations.named) ?? site.expectations.configurations {
            let name = configuration.name
            if let shared, !shared.take(name) { continue }
            func tell(_ text: String) {
                if let shared { shared.tell(text, of: name) } else { Console.tell(text) }
            }
            tell("\(name): \(configuration.description)")
            let list = Checklist(name) { check in
                tell("  \(check.isPassed ? "✓" : "✗") \(check.name): \(check.detail)")
            }
            do {
                let lab = try await Lab.up(configuration, at: site)
                await lab.runChecks(list)
                await lab.down()
            } catch {
                await list.check("bring-up") { throw error }
            }
            checks += list.checks
            try shared?.finish(name, list.checks)
        }
        return Matrix(checks: checks, seconds: (ContinuousClock.now - start).seconds)
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
