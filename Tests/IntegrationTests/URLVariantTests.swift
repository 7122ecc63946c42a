import Foundation
import LocalMongo
import Testing

@testable import Faults

extension SteadyDatabase {
    /// Connection strings that work, in many spellings.
    @Suite
    struct URLVariants {
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try await SteadyDatabase.shared.run()
        }

        struct Variant: Sendable, CustomTestStringConvertible {
            let testDescription: String
            /// What to replace in the usual URL, and by what.
            let replace: String
            let with: String
        }

        @Test(arguments: [
            Variant(testDescription: "tls in place of ssl", replace: "&ssl=true", with: "&tls=true"),
            Variant(testDescription: "both", replace: "&ssl=true", with: "&ssl=true&tls=true"),
            Variant(testDescription: "implied by tlsCAFile", replace: "&ssl=true", with: ""),
            Variant(testDescription: "IP address in the certificate", replace: "@localhost", with: "@127.0.0.1"),
            Variant(testDescription: "another database: it is test all the same", replace: "/test?", with: "/other?"),
            Variant(testDescription: "no database", replace: "/test?", with: "/?"),
            Variant(testDescription: "no slash before the options", replace: "/test?", with: "?"),
            Variant(testDescription: "authSource from the path", replace: "authSource=test&", with: ""),
            Variant(testDescription: "SCRAM-SHA-1", replace: "?", with: "?authMechanism=SCRAM-SHA-1&"),
            Variant(testDescription: "SCRAM-SHA-256", replace: "?", with: "?authMechanism=SCRAM-SHA-256&"),
            Variant(testDescription: "unknown option", replace: "?", with: "?foo=bar&"),
            Variant(testDescription: "white space around", replace: "mongodb://", with: " mongodb://"),
            Variant(testDescription: "directConnection", replace: "?", with: "?directConnection=true&"),
            Variant(testDescription: "compressors", replace: "?", with: "?compressors=snappy,zlib&"),
            Variant(testDescription: "one connection", replace: "?", with: "?maxPoolSize=1&"),
            Variant(testDescription: "time-outs", replace: "?", with: "?connectTimeoutMS=500&socketTimeoutMS=700&"),
            Variant(testDescription: "no retries", replace: "?", with: "?retryReads=false&"),
            Variant(testDescription: "OCSP option", replace: "?", with: "?tlsDisableOCSPEndpointCheck=false&"),
            Variant(
                testDescription: "stale CRL option", replace: "?", with: "?tlsDisableCertificateRevocationCheck=true&"),
        ])
        func works(_ variant: Variant) async throws {
            let url = try SteadyDatabase.database.url
            let range = try #require(url.range(of: variant.replace))
            let changed = url.replacingCharacters(in: range, with: variant.with)
            try await withService(changed) { service in
                try await expectRatings(from: service)
                let load = await Load.run(on: service, connections: 16, requestsEach: 5)
                #expect(load.count(status: 200, body: Body.ratings()) == 80)
            }
        }

        @Test(arguments: ["tlsAllowInvalidHostnames=true", "tlsAllowInvalidCertificates=true", "tlsInsecure=true"])
        func certificateIsNotChecked(option: String) async throws {
            let database = try SteadyDatabase.database
            let relay = try Relay.start(to: database.port, host: "127.0.0.2")
            try await withService(database.url(host: "127.0.0.2", port: relay.port, options: [option])) {
                try await expectRatings(from: $0)
            }
        }

        @Test func shorterRequestTimeout() async throws {
            let server = try FaultyServer.start(.silent)
            let url = try SteadyDatabase.database.url(port: server.port)
            try await withService(url, environment: ["REQUEST_TIMEOUT_MS": "500"]) { service in
                let timed = try await service.request()
                expect(timed, status: 500, body: Body.cannotConnect)
                // A busy machine adds to it; without the variable it would be 1.8 s.
                #expect(timed.time <= .milliseconds(1200) * Slowness.factor)
            }
            withExtendedLifetime(server) {}
        }

        /// Longer time-outs in the URL do not make a request wait longer.
        @Test func timeoutsInTheURLDoNotOutlastARequest() async throws {
            let server = try FaultyServer.start(.silent)
            let url = try SteadyDatabase.database.url(
                port: server.port,
                options: ["serverSelectionTimeoutMS=30000", "connectTimeoutMS=30000", "socketTimeoutMS=30000"])
            try await withService(url) { service in
                for _ in 0..<2 { expect(try await service.request(), status: 500, body: Body.cannotConnect) }
            }
            withExtendedLifetime(server) {}
        }
    }
}
