import Foundation
import LocalMongo

/// One configuration shown to a person.
public struct Demonstration: Sendable {
    var name: String
    /// Leaves everything up until the person ends it.
    var isKept: Bool

    public init(_ name: String, isKept: Bool) {
        self.name = name
        self.isKept = isKept
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
            """

            GET /ratings/0 → \(answer.status) \(answer.body) (\(answer.duration.milliseconds))
            \(configuration.way(to: lab.target))
            """)
        for (proof, line) in evidence.proofs {
            Console.say("\n  \(proof.description)\n    \(line ?? "✗ no such line")")
        }
        for peer in Set(try lab.gateway?.peers() ?? []) where peer.version?.hasPrefix("TLS") == true {
            Console.say(
                """

                  mutual TLS between sidecar and gateway
                    \(peer.peer ?? "-") → \(peer.local ?? "-"), \(peer.version ?? "-"), SNI \(peer.serverName ?? "-")
                """)
        }
        for line in evidence.contradictions { Console.say("\n  ✗ must not be there:\n    \(line)") }
        if configuration.isBlocked {
            Console.say("\n  ratings' own log")
            for line in lab.ratings.lines().suffix(4) { Console.say("    \(line)") }
        }
        guard answer.status == configuration.status, answer.body == configuration.body, evidence.isComplete else {
            if isKept { try await keep(lab) }
            throw LabError("'\(name)' does not show what bookinfo/egress/expectations.json says")
        }
        if isKept { try await keep(lab) }
        await lab.down()
        Console.say("\nproved, and taken down. Next: KEEP=1 leaves it up to look inside; 'make mesh' lists the others.")
    }

    private func keep(_ lab: Lab) async throws {
        try await lab.startRatings()
        Console.say(Instructions(lab: lab).text)
        try await Task.sleep(for: .seconds(86_400 * 365))
    }
}
