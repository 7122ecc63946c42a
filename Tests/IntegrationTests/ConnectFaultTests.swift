import Foundation
import LocalMongo
import Testing

extension SteadyDatabase {
    /// No usable connection: 500 "could not connect", within 2.0 s, and one line in the log that helps.
    @Suite
    struct ConnectFaults {
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try await SteadyDatabase.shared.run()
        }

        @Test(arguments: ConnectFault.allCases)
        func answersWithinTheLimit(_ fault: ConnectFault) async throws {
            let broken = try await fault.provoke(on: SteadyDatabase.database)
            try await withService(broken.url) { service in
                try await expectNoConnection(service, signs: broken.signs)
            }
            withExtendedLifetime(broken.owner) {}
        }

        /// mongod refuses to start with a certificate that is out of date, so this one runs out while it serves.
        @Test func expiredCertificate() async throws {
            let directory = try PrivateDirectory(name: "expired-certificate")
            let authority = try await CertificateAuthority.make(in: directory.path)
            let end = Date(timeIntervalSinceNow: 8)
            let certificate = try await authority.certificate(validity: Date(timeIntervalSinceNow: -60)..<end)
            let mongod = try await PlainMongod.start {
                $0.tlsMode = .requireTLS
                $0.certificate = certificate
            }
            let url = "mongodb://localhost:\(mongod.port)/test?ssl=true&tlsCAFile=\(authority.certificateFile)"
            try await withService(url) { service in
                expect(try await service.request(), status: 200, body: Body.ratings("0", "0", "0"))
            }
            try await Task.sleep(for: .seconds(max(0, end.timeIntervalSinceNow) + 1))
            try await withService(url) { service in
                try await expectNoConnection(service, signs: ["out of date", "expired"])
            }
            withExtendedLifetime(mongod) {}
        }

        private func expectNoConnection(_ service: Service, signs: [String]) async throws {
            // The first ones find out; those that come later are told at once.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask { expect(try await service.request(), status: 500, body: Body.cannotConnect) }
                }
                group.addTask {
                    let health = try await service.request("/health")
                    expect(health, status: 200, body: Body.health)
                    #expect(health.time < .seconds(1) * Slowness.factor)
                }
                try await group.waitForAll()
            }
            for _ in 0..<3 { expect(try await service.request(), status: 500, body: Body.cannotConnect) }
            expect(try await service.request(method: "HEAD"), status: 500, body: "", type: "application/json")

            let lines = service.logLines(with: "cannot connect to ratings database")
            #expect(lines.count == 1, "\(lines)")
            #expect(signs.isEmpty || signs.contains { lines.first?.contains($0) == true }, "\(lines)")
            #expect(service.logLines(with: "ratings database is back").isEmpty)
        }
    }
}
