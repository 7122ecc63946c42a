/// Runs the checks of one configuration and keeps what they found.
final class Checklist {
    private let configuration: String
    private let report: (Check) -> Void
    private(set) var checks: [Check] = []

    init(_ configuration: String, report: @escaping (Check) -> Void) {
        self.configuration = configuration
        self.report = report
    }

    /// Runs one check; what it returns is for a person to read, what it throws is the failure.
    func check(_ name: String, _ body: () async throws -> String) async {
        let start = ContinuousClock.now
        var check = Check(configuration: configuration, name: name, isPassed: false, detail: "", seconds: 0)
        do {
            check.detail = try await body()
            check.isPassed = true
        } catch {
            check.detail = "\(error)"
        }
        check.seconds = (ContinuousClock.now - start).seconds
        checks.append(check)
        report(check)
    }
}
