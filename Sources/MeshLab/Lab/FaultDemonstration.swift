import Foundation

/// One fault shown to a person: what callers get, what the service says, and where `ratings check` finds it.
public struct FaultDemonstration: Sendable {
    var name: String
    /// nil: the one that shows it best.
    var configuration: String?

    public init(_ name: String, in configuration: String?) {
        self.name = name
        self.configuration = configuration
    }

    /// The faults there are, one line each.
    public static var list: String {
        let width = MeshFaults.names.map(\.name.count).max() ?? 0
        return MeshFaults.names.map { "\($0.name.padded(to: width + 2))\($0.title)" }.joined(separator: "\n")
    }

    /// - Throws: ``LabError`` where the fault is not named as it should be.
    public func run() async throws {
        guard let known = MeshFaults.names.first(where: { $0.name == name }) else {
            throw LabError("no fault '\(name)'; there are \(MeshFaults.names.map(\.name).joined(separator: ", "))")
        }
        Console.tell("bringing up network, DNS and database")
        let site = try await Site.make()
        let configuration = try site.expectations.named(configuration ?? known.configuration)
        Console.tell("bringing up '\(configuration.name)': \(configuration.description)")
        let lab = try await Lab.up(configuration, at: site)
        guard let fault = MeshFaults(lab: lab).all().first(where: { $0.name == name }) else {
            throw LabError("'\(configuration.name)' cannot have the fault '\(name)'; '\(known.configuration)' can")
        }
        Console.say("\nas it is: GET /ratings/0 → \(try await text())")
        try await fault.make()
        try await mended {
            try await show(fault, known.title, lab)
        } by: {
            try await fault.mend()
        }
        await lab.ratings.stop()
        try await lab.startRatings()
        Console.say("\nmended: GET /ratings/0 → \(try await text())")
        await lab.down()
    }

    private func show(_ fault: MeshFault, _ title: String, _ lab: Lab) async throws {
        let before = lab.ratings.lines().count
        if let url = fault.url {
            await lab.ratings.stop()
            try await lab.ratings.start(url: url)
        }
        Console.say("broken (\(title)): GET /ratings/0 → \(try await text())\n\n  ratings' own log")
        // The service looks for the layer off the path of requests, and within REQUEST_TIMEOUT_MS.
        var lines: [String] = []
        _ = try? await wait("the line of the outage", within: .seconds(8), every: .milliseconds(100)) {
            _ = try await Reviews.get()
            lines = lab.ratings.lines().dropFirst(before).filter { $0.contains(DiagnosisSeen.outage) }
            return !lines.isEmpty
        }
        for line in lines.prefix(1) { Console.say("    \(line)") }
        if lines.isEmpty, !lab.configuration.isBlocked { Console.say("    (no line of an outage)") }
        let url = fault.url ?? lab.url
        Console.say("\n  ratings check, in the pod")
        for line in try await DiagnosisSeen.text(lab, url: url) { Console.say("    \(line)") }
        let seen = try await DiagnosisSeen.check(lab.site.tools.ratings, url: url)
        try require(
            seen.fault == fault.expected, "expected \(fault.expected), ratings check says \(seen.text)")
    }

    private func text() async throws -> String {
        let answer = try await Reviews.get()
        return "\(answer.status) \(answer.body) (\(answer.duration.milliseconds))"
    }
}
