import Foundation

/// One configuration shown to a person.
public struct Demonstration: Sendable {
    var name: String
    /// Leaves everything up until the person ends it.
    var isKept: Bool
    /// Names every field of the proxies' lines.
    var isExplained: Bool

    public init(_ name: String, isKept: Bool, isExplained: Bool) {
        self.name = name
        self.isKept = isKept
        self.isExplained = isExplained
    }

    /// - Throws: ``LabError`` where the configuration does not show what it should.
    public func run() async throws {
        Console.tell("bringing up network, DNS and database")
        let site = try await Site.make()
        let configuration = try site.expectations.named(name)
        Console.tell("bringing up '\(name)': \(configuration.description)")
        let lab = try await Lab.up(configuration, at: site)
        let answer = try await Reviews.get()
        // The proxies write their lines when the connections end.
        await lab.ratings.stop()
        let evidence = try await Evidence.of(lab)
        Console.say(
            "\nGET /ratings/0 → \(answer.status) \(answer.body) (\(answer.duration.milliseconds))\n")
        Console.say(try await Drawing.of(lab, evidence).text)
        say(evidence)
        if configuration.isBlocked {
            Console.say("\n  ratings' own log")
            for line in lab.ratings.lines().suffix(4) { Console.say("    \(line)") }
        }
        Console.say("\n  ratings check, in the pod")
        for line in try await DiagnosisSeen.text(lab) { Console.say("    \(line)") }
        var failures = [evidence.failure].compactMap { $0 }
        if answer.status != configuration.status || answer.body != configuration.body {
            failures.insert(
                "expected the answer \(configuration.status) \(configuration.body), "
                    + "got \(answer.status) \(answer.body)", at: 0)
        }
        if isKept { try await Keeping(lab: lab).run(failures) }
        guard failures.isEmpty else {
            throw LabError(
                "'\(name)' does not show what bookinfo/egress/expectations.json says:\n"
                    + failures.joined(separator: "\n"))
        }
        await lab.down()
        Console.say(
            """

            proved, and taken down. Next: KEEP=1 leaves it up to look inside, EXPLAIN=1 names every field of the lines; \
            'make mesh' lists the other configurations and what can be broken.
            """)
    }

    private func say(_ evidence: Evidence) {
        for (proof, line) in evidence.proofs {
            Console.say("\n  \(proof.description)\n    \(line ?? "✗ no such line")")
            guard let line, let fields = AccessLogLine(line) else { continue }
            for text in isExplained ? Legend(line: fields).long : [Legend(line: fields).short] {
                Console.say("      \(text)")
            }
        }
        for line in evidence.contradictions { Console.say("\n  ✗ must not be there:\n    \(line)") }
    }
}
