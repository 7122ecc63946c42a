import LocalMongo

/// One run: everything that is compared, under the same conditions, one after the other.
struct Benchmark {
    static let connections = [1, 32, 256]
    static let rounds = 3
    static let driverThreads = [1, 2, 4]
    static let answer = #"{"id":0,"ratings":{"Reviewer1":1,"Reviewer2":1}}"#

    var ratings: String
    var programs: String
    var seconds: Int
    var wrkThreads: Int
    var nodePool: Int
    var url: String

    func run() async throws -> Report {
        var report = Report()
        report.starts = try await firstAnswers(count: 7)

        let ours = try await Service.start(ratings, environment: ["MONGO_DB_URL": url]) { [String($0)] }
        // Debian's modules, where Node from elsewhere does not look by itself. The old driver tries one address only.
        let node = try await Service.start(
            "node", environment: ["MONGO_DB_URL": url, "NODE_PATH": "/usr/share/nodejs", "NODE_NO_WARNINGS": "1"]
        ) { ["--dns-result-order=ipv4first", "\(programs)/pooled-find.js", String($0), String(nodePool)] }
        do {
            for service in [ours, node] { try await service.waitForAnswer(Self.answer, at: "/ratings/0") }
            report.memoryAtRest = ResidentMemory.of(ours.process)
            try await load(ours, node, into: &report)
            for threads in Self.driverThreads {
                Progress.say("the bare driver, \(threads) thread\(threads == 1 ? "" : "s")")
                let loop = DriverLoop(url: url, threads: threads, warmUp: .seconds(1), duration: .seconds(3))
                report.driver[threads] = try await Blocking.run { try loop.run() }
            }
        } catch {
            await ours.process.stop()
            await node.process.stop()
            throw error
        }
        await ours.process.stop()
        await node.process.stop()
        return report
    }

    /// Measures in rounds, each service once in every round, and keeps each one's median: a machine that is busy with
    /// something else for a while then spoils one round of all, and not all rounds of one.
    private func load(_ ours: Service, _ node: Service, into report: inout Report) async throws {
        for connections in Self.connections {
            let wrk = Wrk(
                script: "\(programs)/report.lua", connections: connections, seconds: seconds, threads: wrkThreads)
            var health: [Load] = []
            var ratings: [Load] = []
            var others: [Load] = []
            for round in 1...Self.rounds {
                Progress.say(
                    "\(connections) connection\(connections == 1 ? "" : "s"), round \(round) of \(Self.rounds)")
                let isFirst = round == 1
                let healthy = #"{"status":"Ratings is healthy"}"#
                health.append(try await measure(ours, "/health", healthy, with: wrk, warmUp: isFirst))
                ratings.append(try await measure(ours, "/ratings/0", Self.answer, with: wrk, warmUp: isFirst))
                report.memoryUnderLoad[connections] = ResidentMemory.of(ours.process)
                others.append(try await measure(node, "/ratings/0", Self.answer, with: wrk, warmUp: isFirst))
            }
            report.health[connections] = health.median
            report.ratings[connections] = ratings.median
            report.node[connections] = others.median
        }
    }

    /// The answer must be right before and after, and every request must have got one.
    private func measure(
        _ service: Service, _ path: String, _ answer: String, with wrk: Wrk, warmUp: Bool
    ) async throws -> Load {
        try await service.waitForAnswer(answer, at: path)
        if warmUp { _ = try await wrk.warmingUp.run(service.address(of: path)) }
        let load = try await wrk.run(service.address(of: path))
        try await service.waitForAnswer(answer, at: path)
        return load
    }

    private func firstAnswers(count: Int) async throws -> [Duration] {
        Progress.say("starting the service \(count) times, each until its first answer")
        var times: [Duration] = []
        for _ in 0..<count {
            let begin = ContinuousClock.now
            let service = try await Service.start(ratings, environment: ["MONGO_DB_URL": url]) { [String($0)] }
            do {
                try await service.waitForAnswer(Self.answer, at: "/ratings/0")
            } catch {
                await service.process.stop()
                throw error
            }
            times.append(ContinuousClock.now - begin)
            await service.process.stop()
        }
        return times
    }
}
