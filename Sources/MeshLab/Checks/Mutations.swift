/// Shows that each check can fail: the world is changed around it, and it has to notice, alone.
public struct Mutations: Sendable {
    /// What was not noticed, or noticed by others.
    public var failures: [String] = []
    public var count = 0
    private let ofWayOnly: Bool

    private init(ofWayOnly: Bool) {
        self.ofWayOnly = ofWayOnly
    }

    /// Runs each configuration three times: as it is, with every other check's world changed, and with those of the rest.
    ///
    /// - Parameters:
    ///   - names: nil: all configurations.
    ///   - ofWayOnly: only the checks of the way.
    public static func run(_ names: [String]? = nil, ofWayOnly: Bool = false) async throws -> Mutations {
        let site = try await Site.make()
        var mutations = Mutations(ofWayOnly: ofWayOnly)
        for configuration in try names?.map(site.expectations.named) ?? site.expectations.configurations {
            Console.tell("\(configuration.name): as it is")
            let names = try await mutations.run(configuration, site, mutated: { _ in [] })
            for round in 0...1 {
                Console.tell("\(configuration.name): changed, \(round == 0 ? "every other check" : "the rest")")
                try await mutations.run(
                    configuration, site,
                    mutated: { lab in
                        let all = try WorldMutations(lab: lab).all(names)
                        return all.enumerated().filter { $0.offset % 2 == round }.map(\.element)
                    })
            }
        }
        return mutations
    }

    @discardableResult
    private mutating func run(
        _ configuration: Configuration, _ site: Site, mutated: (Lab) throws -> [Mutation]
    ) async throws -> [String] {
        let lab = try await Lab.up(configuration, at: site)
        let mutations = try mutated(lab)
        var problems: [String] = []
        let list = Checklist(configuration.name, mutations: mutations) { check in
            let mutation = mutations.first { $0.check == check.name }
            let what = mutation.map { " with \($0.what)" } ?? ""
            let isRight = check.isPassed == (mutation == nil)
            if mutation != nil || !isRight {
                Console.tell("  \(isRight ? "✓" : "✗") \(check.name)\(what): \(check.detail)")
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
