import LocalMongo
import Testing

@testable import Faults

extension OwnDatabase {
    /// Members of a replica set shut down in order, one after the other, while requests come in.
    @Suite
    struct Maintenance {
        private let turn: Turn

        init() async throws { turn = await Turn(.besideFew) }

        private static let preferences = ["primary", "secondaryPreferred", "nearest"]

        @Test func failsNobody() async throws {
            let set = try await ReplicaSet.start()
            var services: [Service] = []
            for preference in Self.preferences {
                let service = try await Service.start(set.url("readPreference=\(preference)"))
                let isThere = try await eventually { try await service.request().answer.status == 200 }
                #expect(isThere, "\(preference): \(service.log)")
                services.append(service)
            }
            for isPrimary in [false, true] {
                let member = try await set.member(isPrimary: isPrimary)
                let over = Switch()
                async let loads = Self.load(services, until: over)
                try await Task.sleep(for: .milliseconds(300))
                try await member.shutDown()
                try await Task.sleep(for: .milliseconds(1500))
                over.turnOn()
                for (preference, load) in zip(Self.preferences, await loads) {
                    let failed = load.requests.count { $0.status != 200 }
                    print(
                        "maintenance, \(isPrimary ? "primary" : "secondary"), read from \(preference): \(failed) of "
                            + "\(load.requests.count) failed, slowest \(load.slowest)")
                    #expect(failed == 0 && load.requests.count > 50 && load.broken.isEmpty)
                    #expect(load.slowest < .milliseconds(1800) * Slowness.factor)
                }
                try await member.restart()
                try await set.waitUntilComplete()
            }
            for service in services {
                #expect(service.logLines(with: "ratings database").isEmpty, "\(service.log)")
                #expect(try await service.end().status == .exited(0))
            }
        }

        /// Where there is no other member to go to, the walk says what the member says of itself, and nothing of credentials.
        @Test(arguments: ["", "bookinfo:secret@"])
        func aMemberThatShutsDownIsNamed(user: String) async throws {
            let set = try await ReplicaSet.start()
            let member = try await set.member(isPrimary: false)
            async let isDown: Void = member.shutDown()
            var seen: [String] = []
            let isTold = try await eventually(within: .seconds(3), every: .milliseconds(20)) {
                let run = try await CheckedDatabase.check(
                    "mongodb://\(user)localhost:\(member.port)/test?directConnection=true")
                seen.append(run.text)
                return try run.finding.layer == "hello" && run.finding.cause == "helloFailed"
                    && run.finding.explanation
                        == "localhost:PORT did not say what it is: "
                        + "The server is in quiesce mode and will shut down"
            }
            #expect(isTold, "\(seen.suffix(3))")
            try await isDown
        }

        /// 50 requests a second to each.
        private static func load(_ services: [Service], until over: Switch) async -> [Load] {
            await withTaskGroup(of: (Int, Load).self) { group in
                for (index, service) in services.enumerated() {
                    group.addTask {
                        (index, await Load.run(on: service, connections: 5, pause: .milliseconds(100)) { over.isOn })
                    }
                }
                return await group.reduce(into: services.map { _ in Load() }) { $0[$1.0] = $1.1 }
            }
        }
    }
}
