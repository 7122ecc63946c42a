import Foundation
import LocalMongo
import Processes
import Testing

/// `ratings-local exec`: what a command gets, and what is said of its end.
@Suite
struct Exec {
    private let turn: Turn

    init() async {
        // Starting a database takes the whole machine for a second.
        turn = await Turn(.alone)
    }

    private static let ask = "curl -s --show-error $RATINGS_URL/ratings/7"

    private func answer(_ first: String, _ second: String) -> String { Body.ratings("7", first, second) }

    @Test func theArticlesRatings() async throws {
        let result = try await LocalExec.run(script: Self.ask)
        #expect(result.standardOutput == answer("1", "1"))
        #expect(result.standardError == "")
        #expect(result.status == .exited(0))
    }

    private static let data: [(options: [String], first: String, second: String)] = [
        (["--ratings", "5,4"], "5", "4"), (["--ratings", "4.5"], "4.5", "0"), (["--empty"], "0", "0"),
    ]

    @Test(arguments: data)
    func dataThatIsAskedFor(options: [String], first: String, second: String) async throws {
        let result = try await LocalExec.run(options, script: Self.ask)
        #expect(result.standardOutput == answer(first, second), "\(result.standardError)")
    }

    @Test func documentsOfAFile() async throws {
        let directory = try PrivateDirectory(name: "exec-test")
        let file = directory.appending("documents")
        try #"""
        {"rating": {"$numberDecimal": "4.50"}}

        {"_id": 7, "rating": {"$date": "2026-11-23T13:00:00Z"}, "more": [1, 2]}
        """#.write(toFile: file, atomically: true, encoding: .utf8)
        let result = try await LocalExec.run(["--documents", file], script: Self.ask)
        #expect(result.standardOutput == answer(#"{"$numberDecimal":"4.50"}"#, #""2026-11-23T13:00:00.000Z""#))

        try "{}\n{\n".write(toFile: file, atomically: true, encoding: .utf8)
        let bad = try await LocalExec.run(["--documents", file], script: Self.ask)
        #expect(bad.standardError == "ratings-local: \(file), line 2: no document of Extended JSON\n")
        #expect(bad.status == .exited(125))
        let missing = try await LocalExec.run(["--documents", "/nonexistent"], script: Self.ask)
        #expect(missing.standardError == "ratings-local: cannot read /nonexistent: No such file or directory\n")
        #expect(missing.status == .exited(125))
    }

    /// All variables work, passwords are in no command line and no log, and what a caller has set stays.
    @Test func environment() async throws {
        let directory = try PrivateDirectory(name: "exec-test")
        let script =
            #"env > "$READY.new"; mv "$READY.new" "$READY"; while [ -e "$READY" ]; do sleep 0.05; done; exit 1"#
        let process = try await LocalExec.start(["--ratings", "3,2"], script: script, in: directory)
        let text = try String(contentsOfFile: directory.appending("ready"), encoding: .utf8)
        let pairs = text.split(separator: "\n").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
        let variables = Dictionary(pairs.filter { $0.count == 2 }.map { ($0[0], $0[1]) }) { $1 }
        let url = try #require(variables["MONGO_DB_URL"])
        let admin = try #require(variables["MONGO_ADMIN_URL"])
        let caFile = try #require(variables["MONGODB_CA_FILE"])
        #expect(variables["RATINGS_URL"]?.hasPrefix("http://127.0.0.1:") == true)
        #expect(variables["RATINGS_LOCAL_GUARDIAN"] == nil && variables["MONGOC_DISABLE_SHM"] == nil)
        #expect(variables["HOME"] == ProcessInfo.processInfo.environment["HOME"])
        #expect(try String(contentsOfFile: caFile, encoding: .utf8).hasPrefix("-----BEGIN CERTIFICATE-----"))
        #expect(url.contains("tlsCAFile=\(caFile)") && admin.contains("tlsCAFile=\(caFile)"))
        #expect(try await CheckedDatabase.check(url).status == .exited(0))
        let administrator = try MongoAdministrator(url: admin)
        let count = try await administrator.runCommand(#"{"count": "ratings"}"#, on: "test")
        #expect(count.contains(#""n" : 2"#), "\(count)")
        try await administrator.insert([#"{"rating": 5}"#], into: "ratings", of: "test")
        await administrator.disconnect()

        let secrets = try [url, admin].map { String(try #require($0.firstMatch(of: /:([0-9a-f]+)@/)).1) }
        let lines = LocalExec.commandLines().values
        #expect(lines.contains { $0.contains("ratings-local exec") })
        for secret in secrets {
            #expect(secret.count == 32)
            #expect(!lines.contains { $0.contains(secret) })
        }
        try FileManager.default.removeItem(atPath: directory.appending("ready"))
        #expect(await process.waitForExit() == .exited(1))
        let logs = try self.logs(in: LocalExec.output(in: directory), status: "exit status 1")
        for (name, log) in logs {
            #expect(!log.isEmpty, "\(name)")
            for secret in secrets { #expect(!log.contains(secret), "\(name)") }
        }
        #expect(logs["ratings.log"]?.contains("listening") == true)
        #expect(logs["mongod.log"]?.contains("Waiting for connections") == true)
    }

    /// The logs that a message names; they are removed.
    private func logs(in output: String, status: String) throws -> [String: String] {
        let start = "ratings-local: the command ended with \(status); logs of mongod and ratings: "
        try #require(output.hasPrefix(start) && output.hasSuffix("\n"), "\(output)")
        let folder = String(output.dropFirst(start.count).dropLast())
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try read(folder)
    }

    private func read(_ folder: String) throws -> [String: String] {
        var logs: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasSuffix(".log") {
            logs[name] = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
        }
        return logs
    }

    @Test func logsInAFolderOfChoice() async throws {
        let directory = try PrivateDirectory(name: "exec-test")
        let folder = directory.appending("a/b")
        for _ in 0..<2 {
            let result = try await LocalExec.run(["--logs", folder], ["true"])
            #expect(result.standardError == "ratings-local: logs of mongod and ratings: \(folder)\n")
            #expect(result.status == .exited(0))
            let logs = try read(folder)
            #expect(Set(logs.keys) == ["mongod.log", "ratings.log"])
            // Those of one run.
            #expect(logs["ratings.log"]?.split(separator: "\n").count { $0.contains("listening") } == 1)
        }
    }

    @Test func faultsWhileTheCommandRuns() async throws {
        let script = """
            \(Self.ask); echo
            ratings-local fault none && \(Self.ask); echo
            ratings-local fault readError && \(Self.ask); echo
            ratings-local fault slow --latency 700ms && curl -s -o /dev/null -w '%{time_total}' $RATINGS_URL/ratings/0; echo
            ratings-local fault nosuch; echo $?
            ratings-local fault failOver; echo $?
            """
        let result = try await LocalExec.run(["--fault", "certificateExpired", "--ratings", "5,4"], script: script)
        var lines = result.standardOutput.split(separator: "\n").map(String.init)
        let slow = try #require(lines.count == 9 ? Double(lines.remove(at: 6)) : nil, "\(result)")
        #expect(slow > 0.7 && slow < 2)
        #expect(
            lines == [
                Body.cannotConnect, "none: the service has read a rating", answer("5", "4"),
                "readError: the server answers find with an error; open connections stay", Body.cannotLoad,
                "slow: what the database says comes later, by --latency; open connections stay", "64", "1",
            ])
        let errors = result.standardError.split(separator: "\n")
        #expect(
            errors == [
                "ratings-local: unknown fault nosuch; there are \(Self.faults); see ratings-local --help",
                "ratings-local: failOver needs a replica set: start with --replica-set",
            ])
    }

    private static let faults =
        "refused, silent, closesAtOnce, reset, closesAfterClientHello, resetsAfterClientHello, answersHTTPToTLS, "
        + "tlsToAPlainServer, clientCertificateMissing, certificateExpired, certificateNotYetValid, "
        + "certificateForAnotherName, certificateFromUnknownCA, selfSigned, intermediateMissing, "
        + "silentAfterTLSHandshake, wrongPassword, noRole, cutDuringRead, silentDuringRead, readError, slow, frozen, "
        + "restart, failOver"

    /// One line each, before anything is started.
    @Test func errorsOfTheCommandLine() async throws {
        let directory = try PrivateDirectory(name: "exec-test")
        let file = directory.appending("no-program")
        try "echo\n".write(toFile: file, atomically: true, encoding: .utf8)
        let help = "; see ratings-local --help"
        let cases: [(options: [String], command: [String], status: Int32, error: String)] = [
            ([], [], 64, "exec needs a command, as in ratings-local exec -- curl -i http://…\(help)"),
            ([], ["no-such-program"], 127, "'no-such-program' is not installed, or not on the PATH"),
            ([], ["/nonexistent/x"], 127, "/nonexistent/x: No such file or directory"),
            ([], [file], 126, "\(file): Permission denied"),
            ([], [directory.path], 126, "\(directory.path): is a directory"),
            (["--fault", "nosuch"], ["true"], 64, "unknown fault nosuch; there are \(Self.faults)\(help)"),
            (["--fault", "failOver"], ["true"], 64, "--fault failOver needs --replica-set\(help)"),
            (["--ratings", "5,x"], ["true"], 64, "--ratings is 5,x: give numbers, as in 5,4\(help)"),
            (["--ratings", ""], ["true"], 64, "--ratings is : give numbers, as in 5,4\(help)"),
            (
                ["--ratings", "5", "--empty"], ["true"], 64,
                "--ratings, --documents and --empty exclude each other\(help)"
            ),
            (["--latency", "80"], ["true"], 64, "--latency is 80: give a time up to 60s, as in 80ms\(help)"),
            (["--logs", file], ["true"], 125, "cannot make the folder \(file) for logs"),
        ]
        for (options, command, status, error) in cases {
            let result = try await LocalExec.run(options, command)
            #expect(result.standardError == "ratings-local: \(error)\n")
            #expect(result.status == .exited(status))
            #expect(result.standardOutput == "")
        }
        let outside = try await CompletedProcess.run(LocalExec.path(), ["fault", "none"])
        #expect(
            outside.standardError
                == "ratings-local: fault works in the environment of a command that ratings-local exec runs\n")
        #expect(outside.status == .exited(1))
    }
}
