import Processes

/// Shows that each check can fail: the world is changed around it, and it has to notice, alone.
public struct Mutations: Sendable, Codable {
    /// What was not noticed, or noticed by others.
    public var failures: [String] = []
    public var count = 0

    /// Runs each configuration three times: as it is, with every other check's world changed, and with those of the rest.
    ///
    /// - Parameters:
    ///   - shared: with other labs, which take what this one does not.
    ///   - ofWayOnly: only the checks of the way.
    public static func run(_ names: [String], shared: SharedWork, ofWayOnly: Bool) async throws {
        let site = try await Site.make()
        for configuration in try names.map(site.expectations.named) where shared.take(configuration.name) {
            let tell = { shared.tell($0, of: configuration.name) }
            var mutations = Mutations()
            do {
                try await mutations.run(configuration, site, ofWayOnly: ofWayOnly, tell)
            } catch {
                tell("  ✗ \(error)")
                mutations.failures.append("\(configuration.name): \(error)")
            }
            try shared.finish(configuration.name, mutations)
        }
    }

    /// What several labs found.
    ///
    /// - Throws: ``LabError`` where a lab ended badly, and no failure says why.
    public static func collect(_ names: [String], _ shared: SharedWork, from labs: [ChildProcess]) async throws
        -> Mutations
    {
        let (reports, isWhole) = try await shared.collect(names, from: labs) { name in
            Mutations(failures: ["\(name): the lab ended before it was through with it"])
        }
        let mutations = Mutations(
            failures: reports.flatMap(\.failures), count: reports.map(\.count).reduce(0, +))
        if !isWhole, mutations.failures.isEmpty { throw LabError("a lab ended badly") }
        return mutations
    }

    private mutating func run(
        _ configuration: Configuration, _ site: Site, ofWayOnly: Bool, _ tell: @escaping (String) -> Void
    ) async throws {
        tell("\(configuration.name): as it is")
        let names = try await run(configuration, site, ofWayOnly: ofWayOnly, tell, mutated: { _ in [] })
        for round in 0...1 {
            tell("\(configuration.name): changed, \(round == 0 ? "every other check" : "the rest")")
            try await run(
                configuration, site, ofWayOnly: ofWayOnly, tell,
                mutated: { lab in
                    let all = try WorldMutations(lab: lab).all(names)
                    return all.enumerated().filter { $0.offset % 2 == round }.map(\.element)
                })
        }
    }

    @discardableResult
    private mutating func run(
        _ configuration: Configuration, _ site: Site, ofWayOnly: Bool, _ tell: @escaping (String) -> Void,
        mutated: (Lab) throws -> [Mutation]
    ) async throws -> [String] {
        let lab = try await Lab.up(configuration, at: site)
        let mutations: [Mutation]
        do {
            mutations = try mutated(lab)
        } catch {
            await lab.down()
            throw error
        }
        var problems: [String] = []
        let list = Checklist(configuration.name, mutations: mutations) { check in
            let mutation = mutations.first { $0.check == check.name }
            let what = mutation.map { " with \($0.what)" } ?? ""
            let isRight = check.isPassed == (mutation == nil)
            if mutation != nil || !isRight {
                tell("  \(isRight ? "✓" : "✗") \(check.name)\(what): \(check.detail)")
            }
            if !isRight {
                problems.append(
                    "\(configuration.name), \(check.name)\(what): \(check.isPassed ? "passed" : "failed"): \(check.detail)"
                )
            }
        }
        await lab.runChecks(list, ofWayOnly: ofWayOnly)
        await lab.down()
        failures += problems
        count += mutations.count
        return list.checks.map(\.name)
    }

    /// For a person.
    public var summary: String {
        let lines = failures.map { "FAILED: \($0)" }
        return (lines + ["\(count) changes of the world, \(failures.count) not noticed by exactly the right check"])
            .joined(separator: "\n")
    }
}
