import Foundation
import Testing

@testable import Processes

@Suite struct ChildProcessTests {
    /// A program that another thread starts at the same moment would hold the pipe open, and its reader would wait for ever.
    @Test func noOtherChildInheritsAPipe() throws {
        let (reading, writing) = try Descriptor.pipe()
        for end in [reading, writing] { #expect(fcntl(end.number, F_GETFD) & FD_CLOEXEC != 0) }
    }

    @Test func capturesWhatAProgramPrints() async throws {
        let result = try await CompletedProcess.run(
            "sh", ["-c", "cat; echo oops >&2; echo $GREETING; exit 3"], environment: ["GREETING": "hi"], input: "in\n")
        #expect(result.standardOutput == "in\nhi\n")
        #expect(result.standardError == "oops\n")
        #expect(result.status == .exited(3))
    }

    @Test func largeOutputOfBothKindsDoesNotStall() async throws {
        let result = try await CompletedProcess.run(
            "sh", ["-c", "head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2"])
        #expect(result.standardOutput.utf8.count == 3_000_000)
        #expect(result.standardError.utf8.count == 3_000_000)
    }

    @Test func inputThatNobodyReadsIsNoFault() async throws {
        let result = try await CompletedProcess.run("true", [], input: String(repeating: "x", count: 1_000_000))
        #expect(result.status == .exited(0))
    }

    @Test func variableIsTakenAway() async throws {
        let result = try await CompletedProcess.run("sh", ["-c", "echo ${HOME-none}"], environment: ["HOME": nil])
        #expect(result.standardOutput == "none\n")
    }

    @Test func missingProgramIsNamed() async {
        await #expect(throws: ProcessError("'no-such-program' is not installed, or not on the PATH", shellStatus: 127))
        {
            _ = try await CompletedProcess.run("no-such-program", [])
        }
    }

    @Test func endsByASignal() async throws {
        let process = try await ChildProcess.start("sleep", ["60"])
        #expect(process.isRunning)
        #expect(await process.stop() == .signaled(15))
        #expect(!process.isRunning)
        process.send(.kill)
    }

    @Test func processThatIgnoresSIGTERMIsKilledAfterTheGrace() async throws {
        let process = try await ChildProcess.start("sh", ["-c", "trap '' TERM; while :; do sleep 0.05; done"])
        try await Task.sleep(for: .milliseconds(200))
        #expect(await process.stop(grace: .milliseconds(200)) == .signaled(9))
    }

    @Test func cancellingKills() async throws {
        let start = ContinuousClock.now
        let task = Task { try await CompletedProcess.run("sleep", ["60"]) }
        try await Task.sleep(for: .milliseconds(200))
        task.cancel()
        #expect(try await task.value.status == .signaled(9))
        #expect(ContinuousClock.now - start < .seconds(40))
    }

    /// A child started from a short-lived thread must outlive it: the death signal is the spawner thread's.
    @Test func childOutlivesTheThreadThatAskedForIt() async throws {
        let process = try await Task.detached { try await ChildProcess.start("sleep", ["60"]) }.value
        try await Task.sleep(for: .milliseconds(300))
        #expect(process.isRunning)
        await process.stop(grace: .zero)
    }

    @Test func childInheritsNoDescriptor() async throws {
        let descriptor = open("/dev/null", O_RDONLY)
        defer { close(descriptor) }
        let result = try await CompletedProcess.run("sh", ["-c", "ls /proc/$$/fd"])
        #expect(!result.standardOutput.split(separator: "\n").contains("\(descriptor)"))
    }
}
