import LocalMongo
import Processes
import Testing

@testable import Faults

extension FailingDatabase {
    /// The database goes away and comes back, while requests come in.
    @Suite
    struct Outages {
        private let turn: Turn

        init() async throws {
            turn = await Turn(.alone)
            try await FailingDatabase.shared.run()
        }

        /// Ways to take the database away and to give it back.
        enum Outage: String, CaseIterable, Sendable {
            case killed
            case shutDown
            case frozen

            func begin(on database: BookinfoDatabase) async throws {
                switch self {
                case .killed: try await database.mongod.stop(.kill)
                case .shutDown: try await database.mongod.stop(.terminate)
                case .frozen: database.mongod.send(.suspend)
                }
            }

            func end(on database: BookinfoDatabase) async throws {
                if self == .frozen { return database.mongod.send(.resume) }
                try await database.restart()
            }
        }

        /// Requests fail within 2 s at first, at once when the outage is known, and well again within 1 s after its end.
        @Test(arguments: Outage.allCases)
        func knownOutage(_ outage: Outage) async throws {
            let database = try FailingDatabase.database
            try await withService(database.url) { service in
                try await expectRatings(from: service)
                var known = ContinuousClock.now
                var ending = known
                var ended = known
                let load = try await Traffic.run(on: service, connections: 32, pause: .milliseconds(50)) {
                    try await Task.sleep(for: .milliseconds(300))
                    try await outage.begin(on: database)
                    // Every request that found the fault out has its answer by then.
                    try await Task.sleep(for: requestLimit + .milliseconds(200))
                    known = .now
                    for _ in 0..<10 {
                        expect(try await service.request("/health"), status: 200, body: Body.health)
                        try await Task.sleep(for: .milliseconds(200))
                    }
                    ending = .now
                    try await outage.end(on: database)
                    ended = .now
                    try await Task.sleep(for: .seconds(2))
                }
                let during = load.sent(from: known, to: ending)
                #expect(during.faults == during.requests.count)
                #expect(during.requests.count > 300 / Slowness.factor)
                #expect(during.median < .milliseconds(20) * Slowness.factor)
                let recovery = try #require(load.firstGoodAnswer(after: ended))
                #expect(recovery < .seconds(1) * Slowness.factor)
                let after = load.sent(from: ended + .seconds(1), to: .now)
                #expect(after.count(status: 200, body: Body.ratings()) == after.requests.count)
                print(
                    "outage, \(outage): \(during.requests.count) answers, median \(during.median), slowest "
                        + "\(during.slowest); slowest of all \(load.slowest); good again after \(recovery)")
                expectOneLineEach(service)
            }
        }

        /// One line when the database goes away, one when it comes back, however many requests fail in between.
        private func expectOneLineEach(
            _ service: Service, outages: Int = 1, sourceLocation: SourceLocation = #_sourceLocation
        ) {
            let away = service.log.split(separator: "\n").filter {
                $0.contains("cannot connect to ratings database") || $0.contains("cannot read from ratings database")
            }
            #expect(away.count == outages, "\(away)", sourceLocation: sourceLocation)
            #expect(
                away.allSatisfy { $0.contains("advice=") && $0.contains("layer=") && $0.contains("reason=") },
                sourceLocation: sourceLocation)
            let back = service.logLines(with: "ratings database is back")
            #expect(back.count == outages, "\(back)", sourceLocation: sourceLocation)
        }

        @Test func everyOutageHasItsTwoLines() async throws {
            let database = try FailingDatabase.database
            try await withService(database.url) { service in
                for _ in 0..<3 {
                    try await expectRatings(from: service)
                    try await database.mongod.stop(.kill)
                    for _ in 0..<20 { #expect(try await service.request().answer.status == 500) }
                    try await database.restart()
                    let isBack = try await eventually(within: .seconds(2) * Slowness.factor) {
                        try await service.request().answer.status == 200
                    }
                    #expect(isBack)
                }
                expectOneLineEach(service, outages: 3)
            }
        }

        @Test(arguments: [Outage.killed, .frozen])
        func manyConnectionsDuringAnOutage(_ outage: Outage) async throws {
            let database = try FailingDatabase.database
            try await withService(database.url) { service in
                _ = await Load.run(on: service, connections: 256, requestsEach: 2)
                let threads = try service.processStatus("Threads")
                let memory = try service.processStatus("VmRSS")
                var mostThreads = threads
                var mostMemory = memory
                let load = try await Traffic.run(on: service, connections: 256, pause: .milliseconds(250)) {
                    try await outage.begin(on: database)
                    let end = ContinuousClock.now + .seconds(5)
                    while ContinuousClock.now < end {
                        mostThreads = max(mostThreads, try service.processStatus("Threads"))
                        mostMemory = max(mostMemory, try service.processStatus("VmRSS"))
                        try await Task.sleep(for: .milliseconds(50))
                    }
                    try await outage.end(on: database)
                }
                print(
                    "256 connections, \(outage): \(load.requests.count) answers, median \(load.median), slowest \(load.slowest), "
                        + "threads \(threads) to \(mostThreads), RSS \(memory) to \(mostMemory) kB")
                // At most the reads that the database may see at once, and not a thread for each request.
                #expect(mostThreads <= threads + 12)
                #expect(mostMemory <= memory + (32 << 10) * Slowness.factor)
                #expect(load.median < .milliseconds(100) * Slowness.factor)
            }
        }

        @Test func restartUnderLoad() async throws {
            let database = try FailingDatabase.database
            try await withService(database.url) { service in
                let load = try await Traffic.run(on: service, connections: 32, pause: .zero) {
                    for signal in [Signal.terminate, .kill] {
                        try await Task.sleep(for: .milliseconds(500))
                        try await database.mongod.stop(signal)
                        try await database.restart()
                        try await Task.sleep(for: .seconds(1))
                    }
                }
                let good = load.count(status: 200, body: Body.ratings())
                print("restart under load: \(good) good answers, \(load.faults) faults, slowest \(load.slowest)")
                #expect(good > 500 / Slowness.factor)
                #expect(load.requests.suffix(100).allSatisfy { $0.status == 200 })
            }
        }

        /// Nobody asks while mongod restarts: the next request must not see the dead connections.
        @Test func restartWhileIdle() async throws {
            let database = try FailingDatabase.database
            try await withService(database.url) { service in
                try await expectRatings(from: service)
                try await database.mongod.stop(.kill)
                try await database.restart()
                try await expectRatings(from: service)
                try await database.mongod.stop(.terminate)
                try await Task.sleep(for: .seconds(1))
                try await database.restart()
                try await expectRatings(from: service)
            }
        }

        @Test func startsWithAFrozenDatabase() async throws {
            let database = try FailingDatabase.database
            database.mongod.send(.suspend)
            try await withService(database.url) { service in
                expect(try await service.request(), status: 500, body: Body.cannotConnect)
                database.mongod.send(.resume)
                let isThere = try await eventually(within: .seconds(1) * Slowness.factor) {
                    try await service.request().answer.status == 200
                }
                #expect(isThere)
            }
        }

        @Test func databaseComesAfterTheService() async throws {
            let database = try FailingDatabase.database
            try await database.mongod.stop(.kill)
            try await withService(database.url) { service in
                expect(try await service.request(), status: 500, body: Body.cannotConnect)
                try await database.restart()
                let start = ContinuousClock.now
                let isThere = try await eventually(within: .seconds(3) * Slowness.factor) {
                    try await service.request().answer.status == 200
                }
                #expect(isThere)
                #expect(ContinuousClock.now - start < .seconds(1) * Slowness.factor)
            }
        }

        /// The network swallows everything on connections that worked, and lets it through again.
        @Test func blackHoleInTheMiddle() async throws {
            let database = try FailingDatabase.database
            let relay = try Relay.start(to: database.port)
            try await withService(database.url(port: relay.port)) { service in
                try await expectRatings(from: service)
                var ended = ContinuousClock.now
                let load = try await Traffic.run(on: service, connections: 32, pause: .milliseconds(50)) {
                    try await Task.sleep(for: .milliseconds(200))
                    relay.mode = .silent
                    try await Task.sleep(for: .seconds(4))
                    relay.mode = .forwards
                    ended = .now
                    try await Task.sleep(for: .seconds(2))
                }
                let recovery = try #require(load.firstGoodAnswer(after: ended))
                print("black hole: \(load.faults) faults, slowest \(load.slowest), good again after \(recovery)")
                #expect(load.faults > 0)
                #expect(recovery < .seconds(1) * Slowness.factor)
                expectOneLineEach(service)
            }
        }

        @Test(arguments: [Outage.killed, .frozen])
        func shutdownDuringAnOutage(_ outage: Outage) async throws {
            let database = try FailingDatabase.database
            let service = try await Service.start(database.url)
            try await expectRatings(from: service)
            try await outage.begin(on: database)
            let connections = try await withThrowingTaskGroup(of: HTTPConnection.self) { group in
                for _ in 0..<16 { group.addTask { try await HTTPConnection.open(port: service.port) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for connection in connections { connection.send("GET /ratings/0 HTTP/1.1\r\nHost: localhost\r\n\r\n") }
            try await Task.sleep(for: .milliseconds(300))
            let (status, time) = try await service.end()
            #expect(status == .exited(0), "\(service.log)")
            #expect(time < shutdownLimit)
            for connection in connections { #expect(try await connection.answer().status == 500) }
            try await outage.end(on: database)
        }

        /// SIGTERM while mongod is frozen and nobody waits for anything.
        @Test func idleShutdownWithAFrozenDatabase() async throws {
            let database = try FailingDatabase.database
            try await withService(database.url) { service in
                try await expectRatings(from: service)
                database.mongod.send(.suspend)
            }
            database.mongod.send(.resume)
        }
    }
}
