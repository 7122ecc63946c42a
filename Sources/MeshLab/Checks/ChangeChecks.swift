import Foundation

/// Changes the world under traffic: no answer may be wrong, none may take more than two seconds, and the right ones have to
/// come back soon.
struct ChangeChecks {
    var lab: Lab

    private var configuration: Configuration { lab.configuration }

    func run(_ list: Checklist) async {
        guard !configuration.isBlocked else { return }
        await list.check("blocked, opened, blocked, opened") { try await underTraffic(openAndClose) }
        if configuration.name == "tls" {
            await list.check("a drain time of 5 s") { try await DrainCheck(lab: lab, seconds: 5).run() }
        }
        if let gateway = lab.gateway {
            await list.check("the gateway restarted") { try await underTraffic { try await restart(gateway, $0) } }
        }
        if let database = lab.database.get() {
            await list.check("mongod killed and restarted") {
                try await underTraffic { try await restart(database, $0) }
            }
            if lab.manifests.serviceEntries.allSatisfy({ $0.spec.addresses == nil }) {
                await list.check("the database moved behind DNS") {
                    try await underTraffic { try await move(database, $0) }
                }
            }
        }
        await list.check("a database with an AAAA record only") { try await IPv6Check(lab: lab).run() }
        if let replicaSet = lab.replicaSet.get() {
            await list.check("the primary killed") { try await underTraffic { try await killPrimary(replicaSet, $0) } }
        }
    }

    private func underTraffic(_ change: (Traffic) async throws -> String) async throws -> String {
        let traffic = Traffic()
        defer { traffic.stop() }
        _ = try await traffic.firstAnswer(configuration.body, after: .now, within: .seconds(5))
        let measured = try await change(traffic)
        // What comes after the first right answer counts, too.
        try await Task.sleep(for: .milliseconds(300))
        traffic.stop()
        let verdict = try traffic.judge(right: configuration.body)
        guard traffic.all.suffix(4).allSatisfy({ $0.response?.status == 200 }) else {
            throw LabError("answers fail again after the first right one: \(verdict)")
        }
        return "\(measured); \(verdict)"
    }

    /// The floor alone blocks; the configuration on top opens. Only the sidecar's rules change, as when istiod pushes.
    private func openAndClose(_ traffic: Traffic) async throws -> String {
        let open = try await lab.sidecarSnapshot()
        let closed = try await lab.sidecarSnapshot(lab.site.manifests("blocked"))
        var times: [String] = []
        var isInTime = true
        for name in ["blocked", "opened", "blocked", "opened"] {
            let (snapshot, body) = name == "blocked" ? (closed, Traffic.failures[0]) : (open, configuration.body)
            // A read that finds no server waits 1.2 s for one (ReadLimits.unreachableTimeout) before it says so.
            let limit: Duration = name == "blocked" ? .seconds(2) : .seconds(1)
            let moment = ContinuousClock.now
            try await lab.sidecar.push(snapshot)
            let time = try await traffic.firstAnswer(body, after: moment, within: .seconds(5))
            times.append("\(name) \(time.milliseconds)")
            isInTime = isInTime && time <= limit
            try await Task.sleep(for: .milliseconds(200))
        }
        let text = times.joined(separator: ", ")
        try require(isInTime, "answers come late: \(text)")
        return text
    }

    private func restart(_ gateway: Envoy, _ traffic: Traffic) async throws -> String {
        try await recovery(traffic, within: .seconds(1)) {
            await gateway.stop()
            try await Task.sleep(for: .milliseconds(300))
            try await gateway.start()
        }
    }

    private func restart(_ database: Mongod, _ traffic: Traffic) async throws -> String {
        try await recovery(traffic, within: .seconds(1)) {
            await database.kill()
            try await Task.sleep(for: .milliseconds(500))
            try await database.start()
        }
    }

    private func move(_ database: Mongod, _ traffic: Traffic) async throws -> String {
        let moved = try await lab.site.template.mongod("moved", address: Topology.movedDatabase)
        try await moved.start()
        // DNS answers live for a second, and Envoy's forward proxy keeps an address for five.
        let text = try await recovery(traffic, within: .seconds(8)) {
            try lab.site.publish(database: Topology.movedDatabase)
            await database.kill()
            lab.database.set(moved)
        }
        return "to \(Topology.movedDatabase): \(text)"
    }

    private func killPrimary(_ replicaSet: ReplicaSet, _ traffic: Traffic) async throws -> String {
        var hosts = (old: "", new: "")
        // A member that was asked while it was no primary yet has refused, and is asked again after a second
        // (ReadLimits.refusalInterval).
        let text = try await recovery(traffic, within: .seconds(1.5)) { hosts = try await replicaSet.replacePrimary() }
        return "\(hosts.old) killed, \(hosts.new) elected: \(text)"
    }

    /// Makes a change that is mended when `change` returns, and measures how soon right answers are back.
    private func recovery(
        _ traffic: Traffic, within limit: Duration, _ change: () async throws -> Void
    ) async throws -> String {
        let beginning = ContinuousClock.now
        try await change()
        let mended = ContinuousClock.now
        let time = try await traffic.firstAnswer(configuration.body, after: mended, within: limit + .seconds(5))
        try require(time <= limit, "right answers only \(time.milliseconds) after it was mended")
        let gap = traffic.longestGap(configuration.body, after: beginning)
        return "right answers \(time.milliseconds) after it was mended, at most \(gap.milliseconds) without one"
    }
}
