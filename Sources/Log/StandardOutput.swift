import Glibc
import Threads

/// This process's standard output, which never holds anybody up: a thread of its own writes what others hand over.
///
/// A reader that is slow, or reads no more, costs lines and no time. They are counted, and the count is told when it reads
/// again. O_NONBLOCK would be no way: the open file is the parent's, too.
public enum StandardOutput {
    /// The most that waits to be written, in bytes.
    private static let limit = 256 << 10

    private static let queue: LineQueue = {
        let queue = LineQueue(limit: limit)
        Thread.detach {
            while true { FileDescriptor.write(queue.next(), to: STDOUT_FILENO) }
        }
        return queue
    }()

    /// Has a line written, at once where the reader keeps up.
    public static func write(_ line: String) {
        queue.append(line)
    }

    /// Writes all of `text`, for a command that was asked for nothing else. Blocks while nobody reads.
    public static func print(_ text: String) {
        FileDescriptor.write(text, to: STDOUT_FILENO)
    }

    /// Waits until all is written, but not longer than 100 ms: for the end of the process.
    public static func finish() {
        for _ in 0..<100 where !queue.isEmpty { usleep(1000) }
    }
}

/// This process's standard error.
public enum StandardError {
    /// Writes all of `text`. Blocks while nobody reads.
    public static func write(_ text: String) {
        FileDescriptor.write(text, to: STDERR_FILENO)
    }
}

/// write(2) and no stdio, whose locks and buffers could hold the process up at its end.
private enum FileDescriptor {
    static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while let start = rest.baseAddress, !rest.isEmpty {
                let count = Glibc.write(descriptor, start, rest.count)
                if count < 0 && errno != EINTR && errno != EAGAIN { return }
                if count < 0 && errno == EAGAIN { usleep(1000) }
                if count > 0 { rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count)) }
            }
        }
    }
}
