import Foundation
import LocalMongo
import Processes
import Testing

@testable import Faults

extension SteadyDatabase {
    /// `ratings check`, besides the faults of ``ConnectFaults``.
    @Suite
    struct Checks {
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try await SteadyDatabase.shared.run()
        }

        private func text(_ url: String) async throws -> CompletedProcess {
            try await Program.run(["check"], environment: ["MONGO_DB_URL": url])
        }

        @Test func allLayersPass() async throws {
            let database = try SteadyDatabase.database
            let result = try await text(database.url)
            #expect(result.status == .exited(0))
            #expect(result.standardError.isEmpty)
            #expect(
                FaultSentences.normalized(result.standardOutput) == """
                    ✓ connection string  localhost:PORT, TLS, user bookinfo of test  N ms
                    ✓ DNS                localhost is 127.0.0.1:PORT  N ms
                    ✓ TCP                connected to 127.0.0.1:PORT  N ms
                    ✓ TLS                TLSv1.3, certificate of O=ratings throw-away, CN=server  N ms
                    ✓ hello              a standalone server  N ms
                    ✓ authentication     user bookinfo of test  N ms
                    ✓ read               test.ratings was read  N ms
                    ratings check: all layers passed; the database localhost:PORT can be read

                    """)
            let checked = try await CheckedDatabase.check(database.url)
            #expect(checked.checked.ok)
            #expect(checked.checked.database == "localhost:\(database.port)")
            #expect(
                checked.checked.layers.map(\.layer) == [
                    "connectionString", "dns", "tcp", "tls", "hello", "authentication", "read",
                ])
            #expect(
                checked.checked.layers.allSatisfy { layer in
                    layer.status == "passed" && layer.cause == nil
                        && layer.attemptsOverIPv4.allSatisfy { $0.status == "passed" }
                })
        }

        @Test func aLayerThatFails() async throws {
            let broken = try await DatabaseFault.noCA.make(on: SteadyDatabase.database)
            let result = try await text(broken.url)
            #expect(result.status == .exited(1))
            let sentence = try #require(FaultSentences.all[.noCA]).explanation
            #expect(
                FaultSentences.normalized(result.standardOutput) == """
                    ✓ connection string  localhost:PORT, TLS  N ms
                    ✓ DNS                localhost is 127.0.0.1:PORT  N ms
                    ✓ TCP                connected to 127.0.0.1:PORT  N ms
                    ✗ TLS                \(sentence)  N ms
                        cause:   certificateIssuerUnknown
                        advice:  name the CA with tlsCAFile in MONGO_DB_URL
                        look:    openssl s_client -connect localhost:PORT -servername localhost </dev/null
                    - hello              not tried
                    - authentication     not tried
                    - read               not tried
                    ratings check: TLS failed; the database localhost:PORT cannot be read

                    """)
            withExtendedLifetime(broken) {}
        }

        /// A layer failed only where the driver could not read either.
        @Test func aDeadMemberBesideAGoodOne() async throws {
            let set = try await SingleMemberSet.start()
            let dead = try FreePort.find()
            let url = "mongodb://localhost:\(dead),localhost:\(set.port)/test?replicaSet=rs0"
            let run = try await CheckedDatabase.check(url)
            #expect(run.status == .exited(0), "\(run.text)")
            #expect(run.checked.ok)
            let tcp = try #require(run.checked.layers.first { $0.layer == "tcp" })
            #expect(tcp.status == "passed")
            #expect(tcp.attemptsOverIPv4.map(\.host) == ["localhost:\(dead)", "localhost:\(set.port)"])
            #expect(tcp.attemptsOverIPv4.map(\.status) == ["failed", "passed"])
            withExtendedLifetime(set) {}
        }

        /// The driver takes a server that belongs to no set out of several hosts.
        @Test func aStandaloneServerAmongSeveralHosts() async throws {
            let database = try SteadyDatabase.database
            let dead = try FreePort.find()
            let url = database.url.replacingOccurrences(of: "@localhost:", with: "@localhost:\(dead),localhost:")
            let run = try await CheckedDatabase.check(url)
            #expect(
                try run.finding
                    == .init(
                        layer: "hello", cause: "notAReplicaSet",
                        explanation:
                            "localhost:PORT belongs to no replica set, and MONGO_DB_URL names several hosts, which must "
                            + "be one set's"))
            try await withService(url) { expect(try await $0.request(), status: 500, body: Body.cannotConnect) }
        }

        /// The set names its member; the connection string another name for the same place.
        @Test func membersThatOnlyTheSetNames() async throws {
            let set = try await SingleMemberSet.start()
            let run = try await CheckedDatabase.check("mongodb://127.0.0.1:\(set.port)/test?replicaSet=rs0")
            #expect(run.status == .exited(0), "\(run.text)")
            withExtendedLifetime(set) {}
        }

        @Test func aConnectionStringThatCannotBeUsed() async throws {
            let run = try await CheckedDatabase.check("mongodb://u@localhost/test")
            #expect(run.status == .exited(78))
            #expect(!run.checked.ok)
            #expect(
                try run.finding
                    == .init(
                        layer: "connectionString", cause: "connectionStringUnusable",
                        explanation:
                            "MONGO_DB_URL cannot be used: the user needs a password: mongodb://USER:PASSWORD@…, with "
                            + "%XX for what is no letter or digit"))
            #expect(run.checked.layers.dropFirst().allSatisfy { $0.status == "notTried" })
        }

        /// Whoever asked gets the answer, however late it is read: from a pipe that is full here for half a second.
        @Test func aSlowReaderGetsAllOfIt() async throws {
            let script = #"{ head -c 65536 /dev/zero; "$0" check --json; } | { sleep 0.5; tail -c +65537; }"#
            let result = try await Program.run(
                "sh", ["-c", script, Program.path()], environment: ["MONGO_DB_URL": SteadyDatabase.database.url])
            let checked = try JSONDecoder().decode(CheckedDatabase.self, from: Data(result.standardOutput.utf8))
            #expect(checked.ok)
        }

        /// A walk that hangs everywhere is left behind in time.
        @Test func neverTakesLongerThanARequest() async throws {
            let queue = try FullAcceptQueue()
            let url = "mongodb://127.0.0.1:\(queue.port)/test?connectTimeoutMS=60000"
            let start = ContinuousClock.now
            let run = try await CheckedDatabase.check(url, environment: ["REQUEST_TIMEOUT_MS": "400"])
            // The process is started in it, on a machine where others run; without a limit it would be a minute.
            #expect(ContinuousClock.now - start < .seconds(3) * Slowness.factor)
            #expect(run.checked.layers.map(\.milliseconds).reduce(0, +) < 450 * Double(Slowness.factor))
            #expect(run.status == .exited(1))
            #expect(try run.finding.cause == "connectionSilent")
        }
    }
}
