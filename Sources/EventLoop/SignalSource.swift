import CUV

/// Calls on the loop when a signal has come (<https://docs.libuv.org/en/v1.x/signal.html>).
public final class SignalSource {
    private let loop: EventLoop
    private let handle: Handle<uv_signal_t>
    private let body: () -> Void

    /// - Parameters:
    ///   - number: such as `SIGTERM`.
    public init(_ number: Int32, on loop: EventLoop, _ body: @escaping () -> Void) {
        self.loop = loop
        self.body = body
        do {
            handle = try Handle { uv_signal_init(loop.pointer, $0) }
        } catch {
            fatalError("no signal handle: \(error)")
        }
        handle.call(self)
        uv_signal_start(handle.pointer, signalCame, number)
    }

    deinit { handle.close() }

    fileprivate func come() {
        body()
    }
}

private func signalCame(_ handle: UnsafeMutablePointer<uv_signal_t>?, _ number: Int32) {
    owner(handle?.pointee.data, as: SignalSource.self)?.come()
}
