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
        Progress.say("starting the service 7 times twice, until its first /health and until its first ratings")
        report.healthStarts = try await firstAnswers(#"{"status":"Ratings is healthy"}"#, at: "/health", count: 7)
        report.starts = try await firstAnswers(Self.answer, at: "/ratings/0", count: 7)

        let ours = try await Service.start(ratings, environment: ["MONGO_DB_URL": url]) { [String($0)] }
        // Debian's modules, where Node from elsewhere does not look by itself. The old driver tries one address only.
        let node = try await Service.start(
            "node", environment: ["MONGO_DB_URL": url, "NODE_PATH": "/usr/share/nodejs", "NODE_NO_WARNINGS": "1"]
        ) { ["--dns-result-order=ipv4first", "\(programs)/pooled-find.js", String($0), String(nodePool)] }
        let directory = try PrivateDirectory(name: "bench-nginx")
        let nginx = try await Nginx.start(answering: Self.answer, in: directory)
        do {
            for service in [ours, node, nginx] { try await service.waitForAnswer(Self.answer, at: "/ratings/0") }
            report.memoryAtRest = ResidentMemory.of(ours.process)
            try await load(ours, node, nginx, into: &report)
            for threads in Self.driverThreads {
                Progress.say("the bare driver, \(threads) thread\(threads == 1 ? "" : "s")")
                let loop = DriverLoop(url: url, threads: threads, warmUp: .seconds(1), duration: .seconds(3))
                report.driver[threads] = try await Blocking.run { try loop.run() }
            }
        } catch {
            await ours.process.stop()
            await node.process.stop()
            await nginx.process.stop()
            throw error
        }
        await ours.process.stop()
        await node.process.stop()
        await nginx.process.stop()
        return report
    }

    /// Measures in rounds, each service once in every round, and keeps each one's median: a machine that is busy with
    /// something else for a while then spoils one round of all, and not all rounds of one.
    private func load(
        _ ours: Service, _ node: Service, _ nginx: Service, into report: inout Report
    ) async throws {
        for connections in Self.connections {
            let wrk = Wrk(
                script: "\(programs)/report.lua", connections: connections, seconds: seconds, threads: wrkThreads)
            var health: [Load] = []
            var ratings: [Load] = []
            var others: [Load] = []
            var plain: [Load] = []
            for round in 1...Self.rounds {
                Progress.say(
                    "\(connections) connection\(connections == 1 ? "" : "s"), round \(round) of \(Self.rounds)")
                let isFirst = round == 1
                let healthy = #"{"status":"Ratings is healthy"}"#
                health.append(try await measure(ours, "/health", healthy, with: wrk, warmUp: isFirst))
                ratings.append(try await measure(ours, "/ratings/0", Self.answer, with: wrk, warmUp: isFirst))
                report.memoryUnderLoad[connections] = ResidentMemory.of(ours.process)
                others.append(try await measure(node, "/ratings/0", Self.answer, with: wrk, warmUp: isFirst))
                plain.append(try await measure(nginx, "/ratings/0", Self.answer, with: wrk, warmUp: isFirst))
            }
            report.health[connections] = health.median
            report.ratings[connections] = ratings.median
            report.node[connections] = others.median
            report.nodeRange[connections] = others.map(\.perSecond).sorted()
            report.nginx[connections] = plain.median
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

    private func firstAnswers(_ answer: String, at path: String, count: Int) async throws -> [Duration] {
        var times: [Duration] = []
        for _ in 0..<count {
            let begin = ContinuousClock.now
            let service = try await Service.start(ratings, environment: ["MONGO_DB_URL": url]) { [String($0)] }
            do {
                try await service.waitForAnswer(answer, at: path)
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
