import CUV

/// How other threads call the loop's (<https://docs.libuv.org/en/v1.x/async.html>). Several calls may become one.
///
/// `@unchecked Sendable`: `uv_async_send` is the one call of libuv that any thread may make. libuv 1.44 still writes to the
/// handle after it has woken the loop, so the handle is never closed: a wake-up and its loop live as long as the process.
public final class WakeUp: @unchecked Sendable {
    private let loop: EventLoop
    private let pointer: UnsafeMutablePointer<uv_async_t>
    private let body: () -> Void

    /// - Parameter body: called on the loop.
    public init(on loop: EventLoop, _ body: @escaping () -> Void) {
        self.loop = loop
        self.body = body
        pointer = .allocate(capacity: 1)
        let result = uv_async_init(loop.pointer, pointer, wokenUp)
        guard result == 0 else { fatalError("no wake-up: \(UVError(code: result))") }
        pointer.pointee.data = Unmanaged.passRetained(self).toOpaque()
    }

    /// Has `body` called soon.
    public func send() {
        uv_async_send(pointer)
    }

    fileprivate func wakeUp() {
        body()
    }
}

private func wokenUp(_ handle: UnsafeMutablePointer<uv_async_t>?) {
    owner(handle?.pointee.data, as: WakeUp.self)?.wakeUp()
}
