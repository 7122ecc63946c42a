import Foundation
import LocalMongo
import MeshLab
import Testing

/// Two labs at the same time, and what is left when one is killed.
@Suite(.serialized)
struct IsolationTests {
    @Test func labsSideBySideLeaveNothingBehind() async throws {
        let folder = try PrivateDirectory(name: "mesh-isolation")
        var labs: [(process: ChildProcess, log: String)] = []
        for name in ["tls", "tls-gateway"] {
            let log = folder.appending("\(name).log")
            let process = try await ChildProcess.start(
                LabProgram.path(), ["run", "--keep", name], environment: ["MESH_TEST": folder.path], output: .file(log))
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

/// What a lab could leave on the machine. Others may work on it at the same time, so only what could be ours counts.
struct Traces: Equatable {
    var interfaces: [String]
    var namespaces: [String]
    var mounts: [String]
    var sharedMemory: [String]

    static func now(of labs: [ChildProcess] = []) throws -> Traces {
        let files = FileManager.default
        let names = ["pod", "egress", "external"]
        let counters = labs.map { "mongoc-\($0.pid)" }
        return Traces(
            interfaces: try files.contentsOfDirectory(atPath: "/sys/class/net").filter(names.contains),
            namespaces: ((try? files.contentsOfDirectory(atPath: "/run/netns")) ?? []).filter(names.contains),
            mounts: try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8).split(separator: "\n")
                .map(String.init).filter { $0.hasSuffix("- tmpfs mesh") || $0.contains("/run/mesh") },
            sharedMemory: try files.contentsOfDirectory(atPath: "/dev/shm").filter(counters.contains))
    }

    /// Command lines of the processes that have the mark in their environment.
    static func processes(marked mark: String) -> [String] {
        let ids = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).filter { Int($0) != nil }
        return ids.compactMap { id in
            guard let environment = FileManager.default.contents(atPath: "/proc/\(id)/environ"),
                String(decoding: environment, as: UTF8.self).contains("MESH_TEST=\(mark)"),
                let line = FileManager.default.contents(atPath: "/proc/\(id)/cmdline"), !line.isEmpty
            else { return nil }
            return String(decoding: line, as: UTF8.self).replacingOccurrences(of: "\0", with: " ")
        }
    }
}
