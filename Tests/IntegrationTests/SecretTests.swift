import Foundation
import LocalMongo
import Testing

@testable import Faults

extension SteadyDatabase {
    /// Passwords that would be seen, at the most talkative log level, in every state of the database.
    @Suite
    struct Secrets {
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try await SteadyDatabase.shared.run()
        }

        /// With what a URL must escape; in the URL it is percent-encoded.
        private static let password = "pa55@w/rd:c0nspicuous%"
        private static let encoded = "pa55%40w%2Frd%3Ac0nspicuous%25"
        private static let keyPassword = "key-pa55-c0nspicuous"
        /// Any piece of one gives it away.
        private static let traces = [password, encoded, keyPassword, "c0nspicuous", "pa55"]

        private func url(password: String = encoded, port: Int? = nil, user: String = "secretive") throws -> String {
            let database = try SteadyDatabase.database
            return database.url(port: port, password: password)
                .replacingOccurrences(of: "//bookinfo:", with: "//\(user):")
        }

        private func expectNoSecret(in text: String, sourceLocation: SourceLocation = #_sourceLocation) {
            #expect(!text.isEmpty, sourceLocation: sourceLocation)
            for secret in Self.traces {
                #expect(!text.contains(secret), "\(secret)", sourceLocation: sourceLocation)
            }
            #expect(!text.contains("secretive:"), "the URL itself", sourceLocation: sourceLocation)
        }

        /// - Parameter status: of GET /ratings/0.
        private func expectNoSecret(
            _ url: String, status: Int, sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let service = try await Service.start(url, environment: ["LOG_LEVEL": "trace"])
            for _ in 0..<2 {
                #expect(try await service.request().answer.status == status, sourceLocation: sourceLocation)
            }
            let commandLine = try String(contentsOfFile: "/proc/\(service.process.pid)/cmdline", encoding: .utf8)
            #expect(commandLine.contains("ratings"))
            expectNoSecret(in: commandLine, sourceLocation: sourceLocation)
            #expect(try await service.end().status == .exited(0), sourceLocation: sourceLocation)
            expectNoSecret(in: service.log, sourceLocation: sourceLocation)
        }

        @Test func success() async throws {
            try await SteadyDatabase.database.runCommand(
                #"{"createUser": "secretive", "pwd": "\#(Self.password)", "roles": ["read"]}"#)
            try await expectNoSecret(url(), status: 200)
        }

        @Test func authenticationFailure() async throws {
            try await expectNoSecret(url(password: "wrong-" + Self.encoded), status: 500)
        }

        @Test func outage() async throws {
            try await expectNoSecret(url(port: FreePort.find()), status: 500)
        }

        @Test func silence() async throws {
            let server = try FaultyServer.start(.silent)
            try await expectNoSecret(url(port: server.port), status: 500)
            withExtendedLifetime(server) {}
        }

        @Test func passwordOfTheClientsKey() async throws {
            let database = try SteadyDatabase.database
            let certificate = try await database.authority.certificate(named: "client-\(UInt32.random(in: 0 ... .max))")
            let option =
                "&tlsCertificateKeyFile=\(certificate.certificateKeyFile)"
                + "&tlsCertificateKeyFilePassword=\(Self.keyPassword)"
            try await expectNoSecret(database.url + option, status: 200)
            try await expectNoSecret(database.url(port: FreePort.find()) + option, status: 500)
        }

        private static let malformedURLs: [String] = [
            "mongodb://secretive:\(password)@localhost:27017/test", "mongodb://secretive:\(encoded)@:27017/test",
            "mongodb://secretive:\(encoded)@localhost:99999/test", "mongodb://secretive:%ZZ\(encoded)@localhost/test",
            "mongodb//secretive:\(encoded)@localhost/test", "secretive:\(encoded)@localhost/test",
            "postgres://secretive:\(encoded)@localhost/test",
            "mongodb://secretive:\(encoded)@localhost/test?readPreference=x",
            "mongodb://\(encoded)@localhost:99999/test", "mongodb://localhost:\(encoded)/test",
            "mongodb://secretive:\(encoded)@localhost/test?tls=true&tlsCAFile=/nonexistent",
            "mongodb://localhost/test?tls=x&tlsCertificateKeyFilePassword=\(keyPassword)",
            "mongodb://localhost/test?tlsCertificateKeyFilePassword=\(keyPassword)&foo",
        ]

        @Test(arguments: malformedURLs)
        func malformedURL(_ url: String) async throws {
            let result = try await Program.run(["29080"], environment: ["MONGO_DB_URL": url, "LOG_LEVEL": "trace"])
            if result.status != .exited(78) { Issue.record("\(result)") }
            expectNoSecret(in: result.standardOutput + result.standardError)
        }
    }
}
