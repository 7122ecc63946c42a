import Foundation
import LocalMongo
import Testing

@testable import Faults

extension SteadyDatabase {
    /// A database that takes its time is asked once for each read: slowness is not taken for a connection that is forgotten.
    @Suite
    struct SlowDatabase {
        private let turn: Turn

        init() async throws { turn = await Turn(.besideOthers) }

        /// Sends requests one after the other while each find takes `milliseconds`.
        ///
        /// - Returns: how many finds the server saw of as many requests.
        private func finds(of requests: Int, each milliseconds: Int, pause: Duration) async throws -> Int {
            let mongod = try await PlainMongod.start { $0.parameters["enableTestCommands"] = "1" }
            return try await withService("mongodb://localhost:\(mongod.port)/test") { service in
                let none = #"{"id":0,"ratings":{"Reviewer1":0,"Reviewer2":0}}"#
                expect(try await service.request(), status: 200, body: none)
                try await mongod.run(
                    """
                    {"configureFailPoint": "failCommand", "mode": "alwaysOn", "data": {
                     "failCommands": ["find"], "blockConnection": true, "blockTimeMS": \(milliseconds)}}
                    """)
                let load = await Load.run(on: service, connections: 1, requestsEach: requests, pause: pause)
                #expect(load.count(status: 200, body: none) == requests, "\(load.requests)")
                let reply = try await mongod.run(#"{"configureFailPoint": "failCommand", "mode": "off"}"#)
                let count = try #require(reply.firstMatch(of: /"count" : (\d+)/)?.1)
                return try #require(Int(count))
            }
        }

        @Test(arguments: [Duration.zero, .milliseconds(50)])
        func eachReadIsSentOnce(_ pause: Duration) async throws {
            #expect(try await finds(of: 10, each: 400, pause: pause) == 10)
        }

        /// The price of noticing: a read on a connection in use, when the database suddenly takes over half a second.
        @Test func theFirstOfVerySlowReadsMayBeSentTwice() async throws {
            let count = try await finds(of: 5, each: 700, pause: .zero)
            #expect((5...6).contains(count))
        }
    }
}
