import Foundation
import LocalMongo
import Processes

/// How much memory a process holds.
enum ResidentMemory {
    /// In MiB: now (VmRSS), and the most so far (VmHWM), from /proc/PID/status (proc(5)).
    static func of(_ process: ChildProcess) -> (now: Double, peak: Double) {
        let status = (try? String(contentsOfFile: "/proc/\(process.pid)/status", encoding: .utf8)) ?? ""
        func mebibytes(_ name: String) -> Double {
            let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
            let kibibytes = line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Double($0) }
            return (kibibytes ?? .nan) / 1024
        }
        return (mebibytes("VmRSS:"), mebibytes("VmHWM:"))
    }
}
