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
            #expect(Self.text(labs[1].log).contains(Self.drawing), "\(Self.text(labs[1].log))")
            let running = Traces.processes(marked: folder.path)
            #expect(running.filter { $0.contains("envoy") }.count == 3, "\(running)")
            try await Self.paste(Self.text(labs[1].log))
            // One is killed without a chance to clean up, the other ends on Ctrl-C.
            labs[0].process.send(.kill)
            labs[1].process.send(.interrupt)
            try await eventually(within: .seconds(5)) { Traces.processes(marked: folder.path).isEmpty }
            #expect(Traces.processes(marked: folder.path) == [])
            let left = try Traces.now(of: labs.map(\.process))
            #expect(left == Traces(interfaces: [], namespaces: [], mounts: [], sharedMemory: []))
        }

        @Test func anInterruptEndsAllLabs() async throws {
            let folder = try PrivateDirectory(name: "mesh-interrupt")
            let log = folder.appending("test.log")
            let process = try await ChildProcess.start(
                LabProgram.path(), ["test", "tcp", "tls"], environment: ["MESH_TEST": folder.path], output: .file(log))
            try await eventually(within: .seconds(30)) {
                Traces.processes(marked: folder.path).filter { $0.contains("envoy") }.count == 2 || !process.isRunning
            }
            process.send(.interrupt)
            #expect(await process.waitForExit() == .exited(130))
            #expect(Self.text(log).hasSuffix("\nmesh: ended, and everything is taken down\n"), "\(Self.text(log))")
            try await eventually(within: .seconds(5)) { Traces.processes(marked: folder.path).isEmpty }
            #expect(Traces.processes(marked: folder.path) == [])
        }

        /// The way through the gateway as a person sees it, and the first words of a legend.
        private static let drawing = """
              reviews           outside the pod
                │ plain HTTP
              ratings           198.51.100.2:9080, taken in by the sidecar on 15006
                │ the service's TLS, SNI mongo.example.com
              sidecar           takes on 15001 what the service sends to 192.0.2.10:27017
                │ the service's TLS, SNI mongo.example.com
              egress gateway    198.51.100.6:443
                │ the service's TLS, SNI mongo.example.com
              MongoDB           mongo.example.com:27017 at 192.0.2.10:27017

            """

        /// Each line that breaks the lab does, and the one after it mends it.
        private static func paste(_ output: String) async throws {
            let instructions = try PastedInstructions(output)
            #expect(try await instructions.ask() == "200")
            #expect(instructions.changes.count == 8)
            for (index, line) in instructions.changes.enumerated() {
                let expected = index % 2 == 0 ? "500" : "200"
                _ = try await instructions.run(line)
                var status = ""
                for _ in 0..<80 where status != expected {
                    status = try await instructions.ask()
                    try await Task.sleep(for: .milliseconds(100))
                }
                #expect(status == expected, "after \(line)")
            }
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
