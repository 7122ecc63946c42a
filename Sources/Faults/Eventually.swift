/// Asks until the answer is yes, but not longer than `limit`.
func eventually(
    within limit: Duration = .seconds(10), every pause: Duration = .milliseconds(5),
    _ condition: () async throws -> Bool
) async rethrows -> Bool {
    let end = ContinuousClock.now + limit
    while true {
        if try await condition() { return true }
        if ContinuousClock.now >= end { return false }
        try? await Task.sleep(for: pause)
    }
}
