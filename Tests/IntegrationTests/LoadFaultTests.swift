import LocalMongo
import Testing

@testable import Faults

extension SteadyDatabase {
    /// Connected, but the read fails: 500 "could not load".
    @Suite(.serialized)
    struct LoadFaults {
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try await SteadyDatabase.shared.run()
        }

        @Test func userWithoutRole() async throws {
            let database = try SteadyDatabase.database
            try await database.runCommand(#"{"createUser": "norole", "pwd": "pencil", "roles": []}"#)
            let url = "mongodb://norole:pencil@localhost:\(database.port)/test?authSource=test&ssl=true&tlsCAFile="
            try await withService(url + database.authority.certificateFile) {
                try await expectLoadFault($0, sign: "not authorized")
            }
        }

        @Test func noCredentials() async throws {
            let database = try SteadyDatabase.database
            let url = "mongodb://localhost:\(database.port)/test?ssl=true&tlsCAFile="
            try await withService(url + database.authority.certificateFile) {
                try await expectLoadFault($0, sign: "requires authentication")
            }
        }

        /// What servers say in planned maintenance: ShutdownInProgress (quiesce mode), InterruptedAtShutdown,
        /// PrimarySteppedDown, NotWritablePrimary, NotPrimaryNoSecondaryOk. The driver reads again.
        @Test(arguments: [91, 11600, 189, 10107, 13435])
        func retryableErrorOnceIsRetried(_ code: Int) async throws {
            try await withFailingService { service, fail in
                try await fail(.times(1), #""errorCode": \#(code)"#)
                expect(try await service.request(), status: 200, body: Body.ratings())
                #expect(service.logLines(with: "cannot read").isEmpty)
            }
        }

        @Test(arguments: [#""errorCode": 11600"#, #""errorCode": 2"#, #""errorCode": 91"#])
        func errorAlways(data: String) async throws {
            try await withFailingService { service, fail in
                try await fail(.always, data)
                for _ in 0..<3 { expect(try await service.request(), status: 500, body: Body.cannotLoad) }
            }
        }

        @Test func cutConnectionOnceIsRetried() async throws {
            try await withFailingService { service, fail in
                try await fail(.times(1), #""closeConnection": true"#)
                expect(try await service.request(), status: 200, body: Body.ratings())
            }
        }

        @Test func cutConnectionTwice() async throws {
            try await withFailingService { service, fail in
                try await fail(.times(2), #""closeConnection": true"#)
                expect(try await service.request(), status: 500, body: Body.cannotLoad)
            }
        }

        /// Says hello, and then nothing.
        @Test func findIsSwallowed() async throws {
            try await withFailingService { service, fail in
                try await fail(.always, #""blockConnection": true, "blockTimeMS": 6000"#)
                expect(try await service.request(), status: 500, body: Body.cannotLoad)
                expect(try await service.request("/health"), status: 200, body: Body.health)
            }
        }

        /// Slow is no fault: an answer that comes in time is given.
        @Test func findIsSlow() async throws {
            try await withFailingService { service, fail in
                try await fail(.times(1), #""blockConnection": true, "blockTimeMS": 700"#)
                // A connection in use is not pinged, and a read on it that takes over half a second is sent again.
                try await Task.sleep(for: .milliseconds(20))
                let slow = try await service.request()
                expect(slow, status: 200, body: Body.ratings())
                #expect(slow.time > .milliseconds(600))
            }
        }

        private func expectLoadFault(_ service: Service, sign: String) async throws {
            for _ in 0..<3 { expect(try await service.request(), status: 500, body: Body.cannotLoad) }
            expect(try await service.request("/health"), status: 200, body: Body.health)
            let isTold = await eventually(within: .seconds(3) * Slowness.factor) {
                !service.logLines(with: "cannot read from ratings database").isEmpty
            }
            #expect(isTold, "\(service.log)")
            let lines = service.logLines(with: "cannot read from ratings database")
            #expect(lines.count == 1, "\(lines)")
            #expect(lines.first?.contains(sign) == true, "\(lines)")
        }

        private typealias Fail = (Failpoint.Times, _ data: String) async throws -> Void

        /// A service that has answered well, and then the failpoint for it alone; afterwards it must answer well again.
        private func withFailingService(_ body: (Service, Fail) async throws -> Void) async throws {
            let database = try SteadyDatabase.database
            try await withService(database.url(options: ["appName=failing"])) { service in
                try await expectRatings(from: service)
                try await body(service) { times, data in
                    try await Failpoint.fail(times, data, appName: "failing", on: database)
                }
                try await Failpoint.off(on: database)
                let isBack = try await eventually(within: .seconds(3) * Slowness.factor) {
                    try await service.request().answer.status == 200
                }
                #expect(isBack)
            }
        }
    }
}
