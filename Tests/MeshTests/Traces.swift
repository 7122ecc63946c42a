import Foundation
import LocalMongo
import Processes

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
