import Foundation
import LocalMongo
import Processes
import Testing

@testable import Faults

/// How `ratings-local exec` ends, and that nothing is left of it.
@Suite
struct ExecEnds {
    private let turn: Turn

    init() async {
        // Starting a database takes the whole machine for a second.
        turn = await Turn(.alone)
    }

    @Test(arguments: [
        ("exit 0", 0), ("exit 3", 3), ("exit 255", 255), ("kill -TERM $$", 143), ("kill -KILL $$", 137),
        ("exit 127", 127),
    ])
    func statusIsTheCommands(script: String, status: Int32) async throws {
        let result = try await LocalExec.run(script: script)
        #expect(result.status == .exited(status))
        let folder = result.standardError.split(separator: " ").last.map { $0.dropLast() }
        #expect((folder?.hasPrefix("/tmp/ratings-local-logs.") == true) == (status != 0), "\(result.standardError)")
        if let folder, status != 0 { try FileManager.default.removeItem(atPath: String(folder)) }
    }

    @Test func commandHasItsStandardInput() async throws {
        let result = try await CompletedProcess.run(
            LocalExec.path(), ["exec", "--", "cat"], environment: LocalExec.environment(), input: "in\n")
        #expect(result.standardOutput == "in\n")
    }

    @Test(arguments: ["HUP", "INT", "QUIT", "TERM", "USR1", "USR2"])
    func signalsArePassedOn(name: String) async throws {
        let directory = try PrivateDirectory(name: "exec-test")
        let script = #"trap 'echo got; exit 9' \#(name); : > "$READY"; while :; do sleep 0.05; done"#
        let process = try await LocalExec.start(script: script, in: directory)
        kill(process.pid, Self.number(name))
        #expect(await process.waitForExit() == .exited(9))
        let output = LocalExec.output(in: directory)
        #expect(output.hasPrefix("got\nratings-local: the command ended with exit status 9; "), "\(output)")
        removeLogs(output)
    }

    private static func number(_ name: String) -> Int32 {
        ["HUP": SIGHUP, "INT": SIGINT, "QUIT": SIGQUIT, "TERM": SIGTERM, "USR1": SIGUSR1, "USR2": SIGUSR2][name] ?? 0
    }

    private func removeLogs(_ output: String) {
        guard let folder = output.split(separator: " ").last?.dropLast(), folder.contains("-logs.") else { return }
        try? FileManager.default.removeItem(atPath: String(folder))
    }

    /// The terminal sends Ctrl-C to the command itself: once is enough.
    @Test func controlCComesOnce() async throws {
        let directory = try PrivateDirectory(name: "exec-test")
        let ready = directory.appending("ready")
        let program = directory.appending("count.py")
        // A signal is taken as soon as it is there: two of the same number that wait are one.
        try """
        import signal
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        open("\(ready)", "w").close()
        count = 0
        while signal.sigtimedwait({signal.SIGINT}, 10 if count == 0 else 1):
            count += 1
        print("count", count)
        """.write(toFile: program, atomically: true, encoding: .utf8)
        let keys = """
            i=0; while [ ! -e \(ready) ] && [ $i -lt 600 ]; do sleep 0.05; i=$((i+1)); done; sleep 0.3; printf '\\003'; sleep 3
            """
        let command =
            "script --quiet --return --command \"'\(try LocalExec.path())' exec -- python3 \(program)\" /dev/null"
        let result = try await CompletedProcess.run(
            "sh", ["-c", "(\(keys)) | \(command)"], environment: LocalExec.environment())
        #expect(result.standardOutput.contains("count 1\r\n"), "\(result)")
    }

    @Test func aSignalDuringTheStartEndsIt() async throws {
        let process = try await ChildProcess.start(
            LocalExec.path(), ["exec", "--", "sleep", "60"], environment: LocalExec.environment())
        // As soon as the inner one has children of its own.
        let isStarting = try await eventually(within: .seconds(20)) {
            guard let inner = try await Self.children(of: process.pid).first else { return false }
            return try await !Self.children(of: inner).isEmpty
        }
        #expect(isStarting)
        kill(process.pid, SIGTERM)
        #expect(try await process.waitForExit(within: .seconds(20)) == .exited(143))
    }

    private static func children(of pid: pid_t) async throws -> [pid_t] {
        let result = try await CompletedProcess.run("pgrep", ["--parent", "\(pid)"])
        return result.standardOutput.split(separator: "\n").compactMap { pid_t($0) }
    }

    enum Killed: String, CaseIterable, Sendable {
        case guardian
        case inner
    }

    /// Daemons of the command included, that have left its session and their parents.
    @Test(arguments: Killed.allCases)
    func killedLeavesNothing(_ killed: Killed) async throws {
        let directory = try PrivateDirectory(name: "exec-test")
        let mark = "\(Int.random(in: 100_000...999_999))"
        let script = """
            setsid sleep \(mark) & (sleep \(mark) &); echo "$MONGO_ADMIN_URL $RATINGS_URL" > "$READY.new"
            mv "$READY.new" "$READY"; sleep \(mark); true
            """
        let process = try await LocalExec.start(script: script, in: directory)
        let words = try String(contentsOfFile: directory.appending("ready"), encoding: .utf8)
        let ports = words.matches(of: /(?:localhost|127\.0\.0\.1):([0-9]+)/).compactMap { Int($0.1) }
        try #require(ports.count == 2)
        try #require(ports.allSatisfy { FreePort.isAnswering($0) })
        let sleeping = { LocalExec.commandLines().filter { $0.value.hasPrefix("sleep \(mark)") }.count }
        #expect(await eventually { sleeping() == 3 })
        var target = process.pid
        if killed == .inner {
            target = try #require(try await Self.children(of: target).first)
        }
        kill(target, SIGKILL)
        let isGone = await eventually(within: .seconds(5)) {
            sleeping() == 0 && !ports.contains { FreePort.isAnswering($0) }
        }
        #expect(isGone, "\(LocalExec.commandLines())")
        let status = await process.waitForExit()
        #expect(status == (killed == .inner ? .exited(137) : .signaled(SIGKILL)))
        guard killed == .guardian else { return }
        // The inner one takes its folders along.
        let port = ports[0]
        #expect(
            await eventually(within: .seconds(5)) {
                !LocalExec.commandLines().values.contains { $0.contains("\(port)") }
            })
    }

    /// What the command has left running ends with it.
    @Test func daemonsEndWithTheCommand() async throws {
        let mark = "\(Int.random(in: 100_000...999_999))"
        let result = try await LocalExec.run(script: "setsid sleep \(mark) >/dev/null 2>&1 & exit 0")
        #expect(result.status == .exited(0))
        #expect(!LocalExec.commandLines().values.contains { $0.contains("sleep \(mark)") })
    }
}
