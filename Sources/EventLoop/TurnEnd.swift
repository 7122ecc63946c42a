import CUV

/// Calls after every turn's events (<https://docs.libuv.org/en/v1.x/check.html>): what they have in common is done once.
public final class TurnEnd {
    private let loop: EventLoop
    private let handle: Handle<uv_check_t>
    private let body: () -> Void

    public init(on loop: EventLoop, _ body: @escaping () -> Void) {
        self.loop = loop
        self.body = body
        do {
            handle = try Handle { uv_check_init(loop.pointer, $0) }
        } catch {
            fatalError("no check handle: \(error)")
        }
        handle.call(self)
        uv_check_start(handle.pointer, turnEnded)
    }

    deinit { handle.close() }

    fileprivate func end() {
        body()
    }
}

private func turnEnded(_ handle: UnsafeMutablePointer<uv_check_t>?) {
    owner(handle?.pointee.data, as: TurnEnd.self)?.end()
}
