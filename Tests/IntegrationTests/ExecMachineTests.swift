import Foundation
import LocalMongo
import Processes
import Testing

@testable import Faults

/// `ratings-local exec` on a machine with others, and without what it needs.
@Suite(.serialized)
struct ExecOnAMachine {
    private let turn: Turn

    init() async {
        turn = await Turn(.alone)
    }

    /// Until the command runs.
    private func readiness(_ options: [String]) async throws -> Duration {
        let start = ContinuousClock.now
        let result = try await LocalExec.run(options, ["date", "+%s%N"])
        #expect(result.status == .exited(0), "\(result)")
        let end = try #require(Int64(result.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)))
        let now = Int64(Date().timeIntervalSince1970 * 1e9)
        return ContinuousClock.now - start - .nanoseconds(now - end)
    }

    @Test func isReadySoon() async throws {
        var times: [Duration] = []
        for _ in 0..<3 { times.append(try await readiness([])) }
        print("exec: ready after \(times)")
        #expect(try #require(times.min()) < .seconds(2) * Slowness.factor)
        let set = try await readiness(["--replica-set"])
        print("exec: replica set ready after \(set)")
        #expect(set < .seconds(10) * Slowness.factor)
    }

    @Test func twentyAtOnce() async throws {
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...20 {
                group.addTask {
                    let script = """
                        for i in 1 2 3; do curl -s $RATINGS_URL/ratings/0; echo; done
                        ratings-local fault refused >/dev/null; curl -s $RATINGS_URL/ratings/0; echo
                        ratings-local fault none >/dev/null; curl -s $RATINGS_URL/ratings/0; echo
                        """
                    let result = try await LocalExec.run(["--ratings", "\(number),5"], script: script)
                    let good = Body.ratings("0", "\(number)", "5")
                    #expect(
                        result.standardOutput.split(separator: "\n").map(String.init)
                            == [good, good, good, Body.cannotConnect, good])
                    #expect(result.standardError == "")
                    #expect(result.status == .exited(0))
                }
            }
            try await group.waitForAll()
        }
        print("exec: twenty at once took \(ContinuousClock.now - start)")
    }

    @Test func theReplicaSetFailsOver() async throws {
        let script = """
            for fault in failOver failOver none restart noRole none; do
                ratings-local fault $fault >/dev/null || echo $fault failed; curl -s $RATINGS_URL/ratings/0; echo
            done
            """
        let result = try await LocalExec.run(["--replica-set", "--ratings", "5,4"], script: script)
        let good = Body.ratings("0", "5", "4")
        #expect(
            result.standardOutput.split(separator: "\n").map(String.init)
                == [good, good, good, good, Body.cannotLoad, good], "\(result.standardError)")
        #expect(result.standardError == "")
    }

    /// A program that lies elsewhere, and a `PATH` with what it needs but mongod.
    @Test func noMongod() async throws {
        let directory = try PrivateDirectory(name: "exec-test")
        let program = directory.appending("ratings-local")
        try FileManager.default.copyItem(atPath: LocalExec.path(), toPath: program)
        for name in ["setpriv", "true", "openssl"] {
            try FileManager.default.createSymbolicLink(
                atPath: directory.appending(name), withDestinationPath: Executable.locate(name))
        }
        let environment = LocalExec.environment(["PATH": directory.path, "MONGOD": String?.none])
        let result = try await CompletedProcess.run(
            "/usr/bin/env", ["-C", directory.path, program, "exec", "--", "true"], environment: environment)
        #expect(
            result.standardError
                == "ratings-local: no mongod: set MONGOD, put one on the PATH, or run .ci/fetch-tools mongod\n")
        #expect(result.status == .exited(125))
    }

    /// In a network namespace of its own: three ports are needed, and one for each connection.
    @Test(arguments: [1, 2, 3])
    func portsExhausted(count: Int) async throws {
        try #require(getuid() == 0, "this test needs root, for a network namespace of its own")
        let script = """
            ip link set lo up && sysctl -qw net.ipv4.ip_local_port_range='40000 \(39999 + count)' && \
            exec '\(try LocalExec.path())' exec -- true
            """
        let result = try await CompletedProcess.run(
            "unshare", ["--net", "sh", "-c", script], environment: LocalExec.environment())
        #expect(
            result.standardError == "ratings-local: no free port: all of 40000 to \(39999 + count) "
                + "(net.ipv4.ip_local_port_range) are taken\n")
        #expect(result.status == .exited(125))
    }
}
