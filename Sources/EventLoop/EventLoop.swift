import CUV
import Threads

/// A libuv event loop (<https://docs.libuv.org/en/v1.x/loop.html>). It and all that is made on it belong to the thread that
/// runs it; a ``WakeUp`` is the only way in for other threads.
public final class EventLoop {
    let pointer: UnsafeMutablePointer<uv_loop_t>

    /// Where every connection's bytes arrive: a read callback comes at once after its bytes, so one buffer serves all.
    let readBuffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 << 10, alignment: 16)

    public init() {
        pointer = .allocate(capacity: 1)
        let result = uv_loop_init(pointer)
        guard result == 0 else { fatalError("no event loop: \(UVError(code: result))") }
    }

    /// Every handle holds its loop, so that all of them are closing by now: libuv still wants to say so to each.
    deinit {
        uv_run(pointer, UV_RUN_DEFAULT)
        uv_loop_close(pointer)
        pointer.deallocate()
        readBuffer.deallocate()
    }

    /// When this turn of the loop began, to the millisecond.
    public var now: MonotonicTime { MonotonicTime(nanoseconds: Int64(bitPattern: uv_now(pointer)) &* 1_000_000) }

    /// Runs until ``stop()``.
    public func run() {
        uv_run(pointer, UV_RUN_DEFAULT)
    }

    /// Lets ``run()`` return after this turn.
    public func stop() {
        uv_stop(pointer)
    }
}
