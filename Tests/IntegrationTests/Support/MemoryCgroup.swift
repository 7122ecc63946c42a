import Foundation
import LocalMongo

/// A cgroup with the Deployment's limit of memory (cgroups(7)), for what the kernel keeps for a process as well: the buffers
/// of its sockets.
final class MemoryCgroup: Sendable {
    private let path: String
    private let isUnified: Bool

    /// - Returns: nil where this process may not make one: it needs root and a writable controller.
    init?(limit: Int) {
        let name = "ratings-test-\(UInt32.random(in: 0 ... .max))"
        for (parent, isUnified) in [("/sys/fs/cgroup", true), ("/sys/fs/cgroup/memory", false)] {
            let path = "\(parent)/\(name)"
            guard mkdir(path, 0o755) == 0 else { continue }
            let file = "\(path)/\(isUnified ? "memory.max" : "memory.limit_in_bytes")"
            if FileManager.default.fileExists(atPath: file), Self.write("\(limit)", to: file) {
                // Version 1 counts the sockets' buffers apart, once they have a limit of their own.
                if !isUnified { _ = Self.write("\(limit)", to: "\(path)/memory.kmem.tcp.limit_in_bytes") }
                self.path = path
                self.isUnified = isUnified
                return
            }
            rmdir(path)
        }
        return nil
    }

    deinit { rmdir(path) }

    /// A command that enters it and then becomes what its last arguments name.
    var launcher: [String] { ["sh", "-c", #"echo $$ > "$0" && exec "$@""#, "\(path)/cgroup.procs"] }

    /// The most that it has held, sockets' buffers included, in bytes. Version 1 has no such number for both at once: the sum
    /// of the two is no less.
    var most: Int {
        isUnified
            ? read("memory.peak") : read("memory.max_usage_in_bytes") + read("memory.kmem.tcp.max_usage_in_bytes")
    }

    private func read(_ file: String) -> Int {
        let text = try? String(contentsOfFile: "\(path)/\(file)", encoding: .utf8)
        return text.flatMap { Int($0.filter(\.isNumber)) } ?? 0
    }

    private static func write(_ text: String, to file: String) -> Bool {
        guard let handle = fopen(file, "w") else { return false }
        let written = fputs(text, handle)
        return fclose(handle) == 0 && written >= 0
    }
}
