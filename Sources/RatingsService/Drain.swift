import EventLoop
import Threads

/// The end of a server's connections.
struct Drain {
    let began: MonotonicTime

    /// How long a connection without a request is left alone.
    let idleUntil: MonotonicTime
}
