import Threads

/// Lines on their way to a reader: bounded, and with a count of those for which there was no room.
final class LineQueue: Sendable {
    private struct State: Sendable {
        var lines: [String] = []
        var bytes = 0
        var lost = 0
        /// Whether somebody writes what ``next()`` has handed out.
        var isWriting = false
    }

    private let limit: Int
    private let state = Locked(State())

    /// - Parameter limit: the most that waits, in bytes.
    init(limit: Int) {
        self.limit = limit
    }

    /// Adds a line, or counts it as lost where there is no room.
    func append(_ line: String) {
        state.withLock { state in
            let count = line.utf8.count
            guard state.bytes + count <= limit else {
                state.lost += 1
                return
            }
            state.lines.append(line)
            state.bytes += count
        }
        state.notify()
    }

    /// Whether nothing waits, nor is being written.
    var isEmpty: Bool { state.withLock { $0.lines.isEmpty && $0.lost == 0 && !$0.isWriting } }

    /// All that waits, once there is something; what was lost is told behind it. Blocks.
    func next() -> String {
        state.wait { state in
            state.isWriting = !state.lines.isEmpty || state.lost > 0
            guard state.isWriting else { return nil }
            var text = state.lines.joined()
            if state.lost > 0 { text += Self.account(of: state.lost) }
            state = State(isWriting: true)
            return text
        }
    }

    private static func account(of lost: Int) -> String {
        let lines = lost == 1 ? "1 line was" : "\(lost) lines were"
        return "\(Timestamp.now) warning log: [Log] \(lines) lost: standard output was not read in time\n"
    }
}
