import Foundation
import LocalMongo
import Processes
import Testing

@testable import Faults

extension OwnDatabase {
    /// What an outage costs the service's own processor: connection attempts, each of which reads the bundle of authorities.
    @Suite
    struct OutageCost {
        private let turn: Turn

        init() async throws { turn = await Turn(.besideFew) }

        enum Outage: String, CaseIterable, Sendable {
            case refused
            case refusedByThree
            case untrusted
            case wrongPassword

            var cause: String {
                switch self {
                case .refused, .refusedByThree: "connectionRefused"
                case .untrusted: "certificateIssuerUnknown"
                case .wrongPassword: "credentialsRefused"
                }
            }
        }

        /// How long each is measured, from its first fault on.
        private static let seconds =
            ProcessInfo.processInfo.environment["OUTAGE_SECONDS"].flatMap { Double($0) } ?? 4

        @Test(arguments: Outage.allCases)
        func isSmall(_ outage: Outage) async throws {
            let database = try await BookinfoDatabase.start()
            let directory = try PrivateDirectory(name: "outage-cost")
            // As many as a system trusts, about 140.
            var bundle = try String(contentsOfFile: "/etc/ssl/certs/ca-certificates.crt", encoding: .utf8)
            if outage != .untrusted {
                bundle += try String(contentsOfFile: database.authority.certificateFile, encoding: .utf8)
            }
            let caFile = directory.appending("bundle.pem")
            try Data(bundle.utf8).write(to: URL(fileURLWithPath: caFile))
            let closed = try (0..<3).map { _ in try HeldPort() }
            let url =
                switch outage {
                case .refused: database.url(port: closed[0].number)
                case .refusedByThree: database.url(ports: closed.map(\.number))
                case .untrusted: database.url
                case .wrongPassword: database.url(password: "wrong")
                }
            try await withService(url.replacing(database.authority.certificateFile, with: caFile)) { service in
                #expect(try await service.request().answer.status == 500)
                var share = 0.0
                _ = try await Traffic.run(on: service, connections: 5, pause: .milliseconds(200)) {
                    let (before, start) = (try processorTime(of: service), ContinuousClock.now)
                    try await Task.sleep(for: .seconds(Self.seconds))
                    share = (try processorTime(of: service) - before) / ((ContinuousClock.now - start) / .seconds(1))
                }
                print("cost of an outage, \(outage): \(Int((share * 100).rounded())) % of a core")
                #expect(share < 0.25 * Double(Slowness.factor))
                let lines = service.logLines(with: "cannot")
                #expect(
                    lines.count == 1 && lines.allSatisfy { $0.contains(" cause=\(outage.cause) ") }, "\(service.log)")
            }
            try await database.mongod.stop(.kill)
        }

        private func processorTime(of service: Service) throws -> Double {
            try #require(ProcessStat("/proc/\(service.process.pid)/stat")?.processorTime)
        }
    }
}
