import Foundation
import LocalMongo
import Testing

@testable import Faults

extension SteadyDatabase {
    /// Name servers with every fault, each in a mount namespace of its own, where /etc/resolv.conf names it.
    @Suite
    struct NameService {
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try await SteadyDatabase.shared.run()
            try #require(getuid() == 0, "this test needs root, for a name server on port 53 and a mount namespace")
        }

        /// A command that runs the program behind it with another name server.
        private func launcher(_ server: String, in directory: PrivateDirectory) throws -> [String] {
            let configuration = directory.appending("resolv.conf")
            try "nameserver \(server)\n".write(toFile: configuration, atomically: true, encoding: .utf8)
            let mount = #"mount --bind "$0" /etc/resolv.conf && exec "$@""#
            return ["unshare", "--mount", "--propagation", "private", "sh", "-c", mount, configuration]
        }

        /// `getaddrinfo` has no time limit of its own.
        @Test func silentNameServer() async throws {
            let server = try SilentNameServer(host: "127.0.0.9")
            let directory = try PrivateDirectory(name: "silent-name-server")
            let url = try SteadyDatabase.database.url(host: "mongo.example.com")
            let launcher = try launcher("127.0.0.9", in: directory)
            let service = try await Service.start(url, launcher: launcher)
            let load = await Load.run(on: service, connections: 8, requestsEach: 4)
            #expect(load.count(status: 500, body: Body.cannotConnect) == 32, "\(load.broken)")
            #expect(load.slowest <= requestLimit)
            #expect(server.queries > 0)
            expect(try await service.request("/health"), status: 200, body: Body.health)
            let isTold = await eventually(within: .seconds(5)) {
                !service.logLines(with: "cannot connect to ratings database").isEmpty
            }
            #expect(isTold)
            let line = FaultSentences.normalized(service.logLines(with: "cannot connect").first ?? "")
            #expect(
                line.contains(
                    "cause=nameServerSilent database=mongo.example.com:\(try SteadyDatabase.database.port) explanation=no answer from "
                        + "DNS for mongo.example.com after N ms layer=dns"), "\(line)")
            let (status, time) = try await service.end()
            #expect(status == .exited(0), "\(service.log)")
            #expect(time < shutdownLimit)
        }

        private static let records: [String] = [
            "--txt-record=noaddress.ratings.test,text",
            "--srv-host=_mongodb._tcp.two-texts.ratings.test,db.ratings.test,27017",
            "--txt-record=two-texts.ratings.test,authSource=test", "--txt-record=two-texts.ratings.test,replicaSet=rs0",
            "--srv-host=_mongodb._tcp.forbidden.ratings.test,db.ratings.test,27017",
            "--txt-record=forbidden.ratings.test,tlsInsecure=true",
            "--srv-host=_mongodb._tcp.outside.ratings.test,db.elsewhere.test,27017",
            "--host-record=db.ratings.test,127.0.0.1",
            "--host-record=half-dead.ratings.test,127.0.0.7", "--host-record=half-dead.ratings.test,127.0.0.1",
        ]

        private static let faults: [(url: String, cause: String, explanation: String)] = [
            (
                "mongodb://nosuch.ratings.test/test", "nameNotFound", "DNS has no name nosuch.ratings.test"
            ),
            (
                "mongodb://noaddress.ratings.test/test", "nameWithoutAddress",
                "DNS has the name noaddress.ratings.test, but no address for it"
            ),
            (
                "mongodb+srv://noaddress.ratings.test/test", "serviceRecordsMissing",
                "DNS has no SRV record _mongodb._tcp.noaddress.ratings.test"
            ),
            (
                "mongodb+srv://two-texts.ratings.test/test", "severalTXTRecords",
                "two-texts.ratings.test has 2 TXT records, and the driver takes one at most"
            ),
            (
                "mongodb+srv://forbidden.ratings.test/test", "forbiddenTXTOption",
                "the TXT record of forbidden.ratings.test sets tlsInsecure, and may set authSource, replicaSet and loadBalanced only"
            ),
            (
                "mongodb+srv://outside.ratings.test/test", "serviceTargetOutsideDomain",
                "the SRV record names db.elsewhere.test, which is not in the domain ratings.test, so the driver does not go there"
            ),
        ]

        @Test func faultsOfRecords() async throws {
            let server = try await LocalNameServer.start(host: "127.0.0.8", records: Self.records)
            let directory = try PrivateDirectory(name: "name-server")
            let launcher = try launcher("127.0.0.8", in: directory)
            for fault in Self.faults {
                let run = try await CheckedDatabase.check(fault.url, launcher: launcher)
                #expect(run.status == .exited(1))
                #expect(try run.finding == .init(layer: "dns", cause: fault.cause, explanation: fault.explanation))
                let service = try await Service.start(fault.url, launcher: launcher)
                expect(try await service.request(), status: 500, body: Body.cannotConnect)
                let isTold = await eventually(within: .seconds(5)) {
                    service.log.contains(" cause=\(fault.cause) ")
                        && service.log.contains(" explanation=\(fault.explanation) ")
                }
                #expect(isTold, "\(service.log)")
                #expect(try await service.end().status == .exited(0))
            }
            withExtendedLifetime(server) {}
        }

        /// Two addresses, of which the first refuses.
        @Test func firstAddressIsDead() async throws {
            let server = try await LocalNameServer.start(host: "127.0.0.10", records: Self.records)
            let directory = try PrivateDirectory(name: "name-server")
            let database = try SteadyDatabase.database
            let url = database.url(host: "half-dead.ratings.test", options: ["tlsAllowInvalidHostnames=true"])
            let run = try await CheckedDatabase.check(url, launcher: launcher("127.0.0.10", in: directory))
            #expect(run.status == .exited(0), "\(run.text)")
            let tcp = try #require(run.checked.layers.first { $0.layer == "tcp" })
            let attempts = try #require(tcp.attempts).map { "\($0.address ?? "") \($0.status) \($0.detail)" }.sorted()
            #expect(
                attempts == [
                    "127.0.0.1:\(database.port) passed connected",
                    "127.0.0.7:\(database.port) failed connection refused",
                ])
            withExtendedLifetime(server) {}
        }
    }
}
