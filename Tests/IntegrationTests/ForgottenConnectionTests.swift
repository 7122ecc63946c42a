import Foundation
import LocalMongo
import Testing

@testable import Faults

/// A NAT or a load balancer on the way forgets connections without a word. Nobody gets an error for it.
@Suite(.timeLimit(.minutes(10)))
struct ForgottenConnectionTests {
    private let turn: Turn

    init() async throws {
        turn = await Turn(.besideOthers)
        try await SteadyDatabase.shared.run()
    }

    /// How often they are forgotten: `FORGOTTEN_DROPS=100` for what the README says.
    private static let drops = ProcessInfo.processInfo.environment["FORGOTTEN_DROPS"].flatMap(Int.init) ?? 6

    /// What a way to the database is like.
    struct Way: Sendable, CustomTestStringConvertible {
        var name: String
        /// Each way.
        var delay = Duration.zero
        var options: [String] = []
        var clients = 1
        /// Between the last answer and the loss of the connection.
        var pause = Duration.milliseconds(50)

        var testDescription: String { name }

        static let all = [
            Way(name: "near"),
            Way(name: "80 ms away", delay: .milliseconds(40)),
            Way(name: "retryReads=false", options: ["retryReads=false"]),
            Way(name: "in use until then", pause: .zero),
            Way(name: "asked by many", clients: 32, pause: .zero),
        ]
    }

    @Test(arguments: Way.all)
    func nobodyGetsAnErrorForIt(_ way: Way) async throws {
        let database = try SteadyDatabase.database
        let relay = try Relay.start(to: database.port, delay: way.delay)
        try await withService(database.url(port: relay.port, options: way.options)) { service in
            let isThere = try await eventually { try await service.request().answer.status == 200 }
            #expect(isThere)
            var slowest: [Duration] = []
            for _ in 0..<Self.drops {
                try await Task.sleep(for: way.pause)
                relay.forgetConnections(of: .milliseconds(100) + way.delay * 10)
                let load = await Load.run(on: service, connections: way.clients, requestsEach: 10)
                #expect(load.count(status: 200, body: Body.ratings()) == 10 * way.clients, "\(load.requests)")
                slowest.append(load.slowest)
            }
            print(
                "forgotten connections, \(way.name): \(slowest.count) times, slowest request \(slowest.max() ?? .zero), "
                    + "median of the slowest of each \(slowest.sorted()[slowest.count / 2])")
            #expect(service.logLines(with: "cannot").isEmpty, "\(service.log)")
        }
    }
}
