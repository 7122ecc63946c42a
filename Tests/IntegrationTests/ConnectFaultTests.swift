import Foundation
import LocalMongo
import Testing

@testable import Faults

extension SteadyDatabase {
    /// Every fault, made for real: `ratings check` names its layer, its cause and what was seen, in whole sentences; callers
    /// of the service get their answer in time; and its log has the one line that says the same.
    @Suite
    struct ConnectFaults {
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try await SteadyDatabase.shared.run()
        }

        /// A server that closes before it has read what came: the kernel sends RST behind its FIN, and either is seen.
        private static let mayReset: Set<DatabaseFault> = [.closesAtOnce, .closesAtOnceWithoutTLS]

        @Test(arguments: DatabaseFault.allCases)
        func isNamed(_ fault: DatabaseFault) async throws {
            let broken = try await fault.make(on: SteadyDatabase.database)
            var expected = try #require(FaultSentences.all[fault], "no sentence for \(fault)")
            let diagnosis = try await CheckedDatabase.check(broken.url)
            #expect(diagnosis.status == .exited(1))
            let finding = try diagnosis.finding
            if Self.mayReset.contains(fault), finding != expected {
                expected.explanation = expected.explanation.replacingOccurrences(of: "closed it", with: "reset it")
            }
            #expect(finding == expected)

            try await withService(broken.url) { service in
                // The first ones find out; those that come later are told at once.
                let body = fault.isOfTheRead ? Body.cannotLoad : Body.cannotConnect
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 {
                        group.addTask { expect(try await service.request(), status: 500, body: body) }
                    }
                    group.addTask {
                        let health = try await service.request("/health")
                        expect(health, status: 200, body: Body.health)
                        #expect(health.time < .seconds(1) * Slowness.factor)
                    }
                    try await group.waitForAll()
                }
                let verb = expected.layer == "read" ? "read from" : "connect to"
                let text = "cannot \(verb) ratings database"
                let isTold = try await eventually(within: .seconds(6)) {
                    // A read that fails on a good connection begins no outage: each is a request's own.
                    expect(try await service.request(), status: 500, body: body)
                    return !service.logLines(with: text).isEmpty
                }
                #expect(isTold, "\(service.log)")
                let lines = service.logLines(with: text)
                #expect(lines.count == 1, "\(lines)")
                var line = FaultSentences.normalized(lines.first ?? "")
                if Self.mayReset.contains(fault) {
                    line = line.replacingOccurrences(of: "reset it", with: "closed it")
                    expected.explanation = expected.explanation.replacingOccurrences(of: "reset it", with: "closed it")
                }
                #expect(line.contains(" cause=\(expected.cause) "), "\(line)")
                #expect(
                    line.contains(" explanation=\(expected.explanation) layer=\(expected.layer) reason="), "\(line)")
                #expect(service.logLines(with: "ratings database is back").isEmpty)
            }
            withExtendedLifetime(broken) {}
        }

        /// Between the making of the fault and its test, other tests start servers on free ports.
        @Test func aHeldPortIsGivenToNobodyElse() throws {
            let port = try HeldPort()
            #expect(!FreePort.isAnswering(port.number))
            // Who asks for any port, or for this one without SO_REUSEADDR, does not get it.
            let other = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(other) }
            #expect(SocketAddress("127.0.0.1", port.number).withPointer { bind(other, $0, $1) } == -1)
            #expect(errno == EADDRINUSE)
            // The server that it is held for does.
            #expect(try Listener(port: port.number).port == port.number)
        }

        /// A fault in the place of another would be told from it: no two share layer, cause and sentence, but for those that
        /// look the same from outside.
        @Test func sentencesDiffer() {
            let alike: Set<DatabaseFault> = [.reset, .closesAtOnce, .silentListenerWithoutTLS]
            let rest = FaultSentences.all.filter { !alike.contains($0.key) }
            #expect(Set(rest.values).count == rest.count)
            #expect(FaultSentences.all.count == DatabaseFault.allCases.count)
        }
    }
}
