/// Takes a configuration away while the service holds connections: as Istio's proxies do, the sidecar lets these go on for its
/// drain time, and refuses new ones at once.
///
/// Everywhere else in the lab the drain time is nought, so that a change is seen at once.
struct DrainCheck {
    var lab: Lab
    /// `--drain-time-s`; Istio's is 45.
    var seconds: Int

    func run() async throws -> String {
        try await restart(drainSeconds: seconds)
        return try await mended {
            try await takeAway()
        } by: {
            try await restart(drainSeconds: 0)
        }
    }

    private func restart(drainSeconds: Int) async throws {
        await lab.ratings.stop()
        await lab.sidecar.stop()
        lab.sidecar.drainSeconds.set(drainSeconds)
        try await lab.sidecar.push(lab.sidecarSnapshot())
        try await lab.sidecar.start()
        try await lab.startRatings()
        let answer = try await Reviews.get()
        try require(answer.body == lab.configuration.body, "\(answer.status) \(answer.body)")
    }

    private func takeAway() async throws -> String {
        try await lab.sidecar.push(lab.sidecarSnapshot(lab.site.manifests("blocked")))
        let beginning = ContinuousClock.now
        let host = lab.site.parameters.host
        let new = try await TLSClient.connect(
            to: "\(lab.databaseAddress):\(lab.site.parameters.port)", name: host)
        await new.stop()
        try require(new.server == nil, "a new connection reached \(new.server ?? "")")
        var last = Duration.zero
        try await wait("the end of the old connections", within: .seconds(seconds + 10), every: .milliseconds(100)) {
            let answer = try await Reviews.get()
            if answer.status == 200 { last = ContinuousClock.now - beginning }
            return answer.status != 200
        }
        try require(
            last > .seconds(seconds) - .seconds(1.5) && last < .seconds(seconds) + .seconds(1.5),
            "right answers for \(last.milliseconds), not for \(seconds) s")
        return "a new connection is refused at once; over the old ones right answers for \(last.milliseconds)"
    }
}
