import Foundation
import LocalMongo
import MeshLab
import Processes
import Testing

extension LabTests {
    /// Two labs at the same time, and what is left when one is killed.
    @Suite
    struct IsolationTests {
        @Test func labsSideBySideLeaveNothingBehind() async throws {
            let folder = try PrivateDirectory(name: "mesh-isolation")
            var labs: [(process: ChildProcess, log: String)] = []
            for name in ["tls", "tls-gateway"] {
                let log = folder.appending("\(name).log")
                let process = try await ChildProcess.start(
                    LabProgram.path(), ["run", "--keep", name], environment: ["MESH_TEST": folder.path],
                    output: .file(log))
                labs.append((process, log))
            }
            for lab in labs {
                try await eventually(within: .seconds(40)) {
                    Self.text(lab.log).contains("It stays up until") || !lab.process.isRunning
                }
                #expect(
                    Self.text(lab.log).contains(#"200 {"id":0,"ratings":{"Reviewer1":1,"Reviewer2":1}}"#),
                    "\(Self.text(lab.log))")
            }
            let running = Traces.processes(marked: folder.path)
            #expect(running.filter { $0.contains("envoy") }.count == 3, "\(running)")
            // One is killed without a chance to clean up, the other ends on Ctrl-C.
            labs[0].process.send(.kill)
            labs[1].process.send(.interrupt)
            try await eventually(within: .seconds(5)) { Traces.processes(marked: folder.path).isEmpty }
            #expect(Traces.processes(marked: folder.path) == [])
            let left = try Traces.now(of: labs.map(\.process))
            #expect(left == Traces(interfaces: [], namespaces: [], mounts: [], sharedMemory: []))
        }

        private static func text(_ path: String) -> String {
            (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        }

        private func eventually(within limit: Duration, _ condition: () -> Bool) async throws {
            let end = ContinuousClock.now + limit
            while !condition(), ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(50)) }
        }
    }
}
