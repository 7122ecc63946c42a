/// Runs the checks of one configuration and keeps what they found.
final class Checklist {
    private let configuration: String
    private let report: (Check) -> Void
    /// Changes the world around a check: it must fail then, and no other.
    private let mutations: [Mutation]
    private(set) var checks: [Check] = []

    init(_ configuration: String, mutations: [Mutation] = [], report: @escaping (Check) -> Void) {
        self.configuration = configuration
        self.mutations = mutations
        self.report = report
    }

    /// Runs one check; what it returns is for a person to read, what it throws is the failure.
    func check(_ name: String, _ body: () async throws -> String) async {
        let start = ContinuousClock.now
        var check = Check(configuration: configuration, name: name, isPassed: false, detail: "", seconds: 0)
        do {
            check.detail = try await run(name, body)
            check.isPassed = true
        } catch {
            check.detail = "\(error)"
        }
        check.seconds = (ContinuousClock.now - start).seconds
        checks.append(check)
        report(check)
    }

    private func run(_ name: String, _ body: () async throws -> String) async throws -> String {
        guard let mutation = mutations.first(where: { $0.check == name }) else { return try await body() }
        do {
            try await mutation.mutate()
        } catch {
            // A world that could not be changed shows nothing: not a failure of the check.
            try await mutation.mend()
            return "✗ \(mutation.what): \(error)"
        }
        return try await mended(body, by: mutation.mend)
    }
}
