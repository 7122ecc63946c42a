import CUV
import Threads

/// Calls once at a time (<https://docs.libuv.org/en/v1.x/timer.html>), not before it and to the millisecond.
public final class Timer {
    private let loop: EventLoop
    private let handle: Handle<uv_timer_t>
    private let body: () -> Void

    public init(on loop: EventLoop, _ body: @escaping () -> Void) {
        self.loop = loop
        self.body = body
        do {
            handle = try Handle { uv_timer_init(loop.pointer, $0) }
        } catch {
            fatalError("no timer: \(error)")
        }
        handle.call(self)
    }

    deinit { handle.close() }

    /// Sets the time, in place of an earlier one.
    public func start(at time: MonotonicTime) {
        let wait = max(0, time.nanoseconds &- loop.now.nanoseconds)
        uv_timer_start(handle.pointer, timerFired, UInt64(wait.advanced(by: 999_999) / 1_000_000), 0)
    }

    public func stop() {
        uv_timer_stop(handle.pointer)
    }

    fileprivate func fire() {
        body()
    }
}

private func timerFired(_ handle: UnsafeMutablePointer<uv_timer_t>?) {
    owner(handle?.pointee.data, as: Timer.self)?.fire()
}
