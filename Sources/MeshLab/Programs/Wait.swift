/// Asks again and again until the answer is yes.
///
/// - Parameters:
///   - what: for the error: "no … within".
///   - limit: how long at most.
/// - Returns: how long it took.
/// - Throws: ``LabError`` past the limit, or what `condition` throws.
@discardableResult
func wait(
    _ what: String, within limit: Duration = .seconds(20), every interval: Duration = .milliseconds(10),
    until condition: () async throws -> Bool
) async throws -> Duration {
    let start = ContinuousClock.now
    while try await !condition() {
        guard ContinuousClock.now - start < limit else { throw LabError("waited \(limit) in vain for \(what)") }
        try await Task.sleep(for: interval)
    }
    return ContinuousClock.now - start
}
