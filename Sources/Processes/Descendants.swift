import Foundation

/// The processes below this one: children, and theirs.
public enum Descendants {
    /// Makes this process the parent of those whose own parent ends (PR_SET_CHILD_SUBREAPER of prctl(2)), so that whatever
    /// was started below stays below, daemons included.
    public static func adopt() {
        // PR_SET_CHILD_SUBREAPER
        _ = prctl(36, 1, 0, 0, 0)
    }

    /// Kills all of them at once, and those that they start meanwhile. Returns when there are none.
    ///
    /// - Parameter spared: process IDs that are left alone, with what is below them.
    public static func killAll(except spared: Set<pid_t> = []) {
        while true {
            let living = all(except: spared)
            guard !living.isEmpty else { return }
            for (pid, parent) in living {
                kill(pid, SIGKILL)
                // Adopted ones are nobody's to reap but ours.
                if parent == getpid(), !ChildProcess.isKnown(pid) { waitpid(pid, nil, WNOHANG) }
            }
            usleep(1000)
        }
    }

    /// Those that have not ended, and those that nobody has reaped, with their parents.
    private static func all(except spared: Set<pid_t>) -> [(pid: pid_t, parent: pid_t)] {
        var children: [pid_t: [pid_t]] = [:]
        for entry in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let pid = pid_t(entry), let parent = parent(of: pid) else { continue }
            children[parent, default: []].append(pid)
        }
        var found: [(pid_t, pid_t)] = []
        var parents = [getpid()]
        while let parent = parents.popLast() {
            for child in children[parent] ?? [] where !spared.contains(child) {
                found.append((child, parent))
                parents.append(child)
            }
        }
        return found
    }

    /// Zombies whose parent is another process than this one are that one's affair.
    private static func parent(of pid: pid_t) -> pid_t? {
        guard let stat = ProcessStat("/proc/\(pid)/stat"), let parent = stat.parent else { return nil }
        return stat.state == "Z" && parent != getpid() ? nil : parent
    }
}

/// prctl(2), which is variadic in C.
@_silgen_name("prctl")
private func prctl(_ option: Int32, _: UInt, _: UInt, _: UInt, _: UInt) -> Int32
