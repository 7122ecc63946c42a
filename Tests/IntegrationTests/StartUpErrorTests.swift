import Foundation
import LocalMongo
import Processes
import Testing

@testable import Faults

extension SteadyDatabase {
    /// What keeps the service from starting: one line on standard error, and an exit status that says whose fault it is.
    @Suite
    struct StartUpErrors {
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try await SteadyDatabase.shared.run()
        }

        /// `EX_CONFIG` of sysexits.h.
        private static let configurationError = TerminationStatus.exited(78)
        private static let password = "conspicuous-pa55word"

        private func expectRefusal(
            _ environment: [String: String?], arguments: [String] = ["29080"], naming name: String,
            status: TerminationStatus = configurationError, sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let result = try await Program.run(arguments, environment: environment)
            let output = result.standardOutput + result.standardError
            #expect(result.status == status, "\(output)", sourceLocation: sourceLocation)
            #expect(result.standardError.split(separator: "\n").count == 1, "\(output)", sourceLocation: sourceLocation)
            #expect(result.standardError.hasSuffix("\n"), sourceLocation: sourceLocation)
            #expect(result.standardError.contains(name), "\(output)", sourceLocation: sourceLocation)
            #expect(!output.contains(Self.password), sourceLocation: sourceLocation)
        }

        private static let malformedURLs: [String?] = [
            nil, "", " ", "not a url", "localhost:27017", "http://localhost:27017/test", "mongodb://",
            "mongodb:///test",
            "mongodb://localhost:99999/test", "mongodb://localhost:abc/test", "mongodb://localhost:0/test",
            "mongodb://u:\(password)@@localhost:27017/test", "mongodb://u:pass/\(password)@localhost:27017/test",
            "mongodb://u:%zz\(password)@localhost:27017/test",
            "mongodb://localhost:27017/test?foo", "mongodb://localhost:27017/test?ssl=true&tls=false",
            "mongodb://localhost:27017/test?readPreference=foo", "mongodb://[::1:27017/test",
            "mongodb+srv://a.example.com:27017/test", "mongodb+srv://a.example.com,b.example.com/test",
            "mongodb://u:\(password)@localhost:27017/test?tlsInsecure=true&tlsAllowInvalidCertificates=true",
            "mongodb://localhost:27017/test\u{7f}?\u{ff}", "mongodb://%00@localhost/test",
        ]

        @Test(arguments: malformedURLs)
        func malformedURL(_ url: String?) async throws {
            try await expectRefusal(["MONGO_DB_URL": url], naming: "MONGO_DB_URL")
        }

        @Test(arguments: ["tlsCAFile", "tlsCertificateKeyFile"])
        func fileMissingEmptyOrUnreadable(option: String) async throws {
            let directory = try PrivateDirectory(name: "start-up-errors")
            let empty = directory.appending("empty.pem")
            #expect(FileManager.default.createFile(atPath: empty, contents: nil))
            // A directory is what nobody can read as a file, root included.
            for path in ["/nonexistent/ca.pem", empty, directory.path] {
                let url = "mongodb://u:\(Self.password)@localhost:27017/test?ssl=true&\(option)=\(path)"
                try await expectRefusal(["MONGO_DB_URL": url], naming: path)
            }
        }

        @Test func fileUnreadable() async throws {
            let directory = try PrivateDirectory(name: "start-up-errors")
            let file = directory.appending("ca.pem")
            try FileManager.default.copyItem(atPath: SteadyDatabase.database.authority.certificateFile, toPath: file)
            #expect(chmod(file, 0) == 0)
            // Root reads everything, unless it has given that up.
            let isRoot = getuid() == 0
            let program = try Program.path()
            let dropping = ["--bounding-set", "-dac_override,-dac_read_search", "--", program, "29080"]
            let result = try await Program.run(
                isRoot ? "setpriv" : program, isRoot ? dropping : ["29080"],
                environment: ["MONGO_DB_URL": "mongodb://localhost/test?ssl=true&tlsCAFile=\(file)"])
            #expect(result.status == Self.configurationError)
            #expect(result.standardError.contains("Permission denied"), "\(result.standardError)")
        }

        @Test(arguments: [
            ("SERVICE_VERSION", "v1"), ("SERVICE_VERSION", "v2-mysql-vm"), ("SERVICE_VERSION", "V2"),
            ("DB_TYPE", "mysql"), ("REQUEST_TIMEOUT_MS", "soon"), ("REQUEST_TIMEOUT_MS", "0"),
            ("REQUEST_TIMEOUT_MS", "-5"), ("LOG_LEVEL", "loud"),
        ])
        func setting(name: String, value: String) async throws {
            try await expectRefusal(["MONGO_DB_URL": "mongodb://localhost/test", name: value], naming: name)
        }

        @Test(arguments: ["0", "-1", "65536", "99999999999999999999", "http", "9080x", ""])
        func port(_ port: String) async throws {
            // "--" keeps a negative number from being an option.
            try await expectRefusal(
                ["MONGO_DB_URL": "mongodb://localhost/test"], arguments: ["--", port], naming: "port")
        }

        @Test(arguments: [["9080", "9081"], ["9080", "x"], ["--port", "9080"], ["--prot=1"], ["check", "9080"]])
        func argumentsBeyondAPort(arguments: [String]) async throws {
            let result = try await Program.run(arguments, environment: ["MONGO_DB_URL": "mongodb://localhost/test"])
            #expect(result.status == Self.configurationError)
            let usage = "usage: ratings [PORT] | check [--json] | --help | --version\n"
            let reason =
                switch arguments[0] {
                case "check": "check takes --json and nothing else"
                case let option where option.hasPrefix("--"): "unknown option \(option)"
                default: "one argument at most, the port"
                }
            #expect(result.standardError == "ratings: \(reason); \(usage)")
            #expect(result.standardOutput.isEmpty)
        }

        @Test func portIsTaken() async throws {
            let server = try FaultyServer.start(.silent)
            try await expectRefusal(
                ["MONGO_DB_URL": "mongodb://localhost:1/test"], arguments: [String(server.port)],
                naming: String(server.port), status: .exited(1))
            withExtendedLifetime(server) {}
        }

        @Test(arguments: [
            ("SERVICE_VERSION", "v2"), ("DB_TYPE", "mongodb"), ("SERVICE_VERSION", ""), ("LOG_LEVEL", "INFO"),
        ])
        func settingThatIsRight(name: String, value: String) async throws {
            try await withService(SteadyDatabase.database.url, environment: [name: value]) {
                try await expectRatings(from: $0)
            }
        }

        @Test func help() async throws {
            let result = try await Program.run(["--help"], environment: [:])
            #expect(result.status == .exited(0))
            for word in ["MONGO_DB_URL", "REQUEST_TIMEOUT_MS", "LOG_LEVEL", "SERVICE_VERSION", "DB_TYPE", "port"] {
                #expect(result.standardOutput.contains(word))
            }
        }

        @Test func version() async throws {
            let result = try await Program.run(["--version"], environment: [:])
            #expect(result.status == .exited(0))
            #expect(result.standardOutput.contains("v2"))
        }

        @Test func startsAndServesWhileTheDatabaseIsOutOfReach() async throws {
            let start = ContinuousClock.now
            try await withService(SteadyDatabase.database.url(port: FreePort.find())) { service in
                #expect(ContinuousClock.now - start < .seconds(3) * Slowness.factor)
                expect(try await service.request("/health"), status: 200, body: Body.health)
                expect(try await service.request(), status: 500, body: Body.cannotConnect)
                expect(try await service.request("/ratings/x"), status: 400, body: Body.noNumber)
            }
        }
    }
}
