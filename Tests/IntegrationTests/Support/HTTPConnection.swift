import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// A TCP connection to the service, on which a test can send whatever it likes.
final class HTTPConnection: Sendable {
    private let channel: any Channel
    private let inbox: Inbox

    struct Timeout: Error {}
    struct Closed: Error {
        let received: String
    }

    static func open(port: Int, host: String = "127.0.0.1") async throws -> HTTPConnection {
        let inbox = Inbox()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .connectTimeout(.seconds(10))
            .channelInitializer { $0.pipeline.addHandler(inbox) }
            .connect(host: host, port: port).get()
        return HTTPConnection(channel: channel, inbox: inbox)
    }

    private init(channel: any Channel, inbox: Inbox) {
        self.channel = channel
        self.inbox = inbox
    }

    /// Errors show when an answer is awaited: a server may answer and close before it has read everything.
    func send(_ text: String) {
        send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) {
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    /// Closes the sending side only.
    func finishSending() {
        channel.close(mode: .output, promise: nil)
    }

    func close() {
        channel.close(promise: nil)
    }

    /// The next final answer; interim ones (100) are passed over.
    func answer(to method: String = "GET", within limit: Duration = .seconds(15)) async throws -> HTTPAnswer {
        try await inbox.wait(on: channel.eventLoop, within: limit) { bytes, isEnded in
            while let answer = try HTTPAnswer(consuming: &bytes, method: method, isEnded: isEnded) {
                if answer.status >= 200 { return answer }
            }
            if isEnded { throw Closed(received: String(decoding: bytes, as: UTF8.self)) }
            return nil
        }
    }

    /// Sends a request on this connection and waits for its answer.
    func request(
        _ target: String, method: String = "GET", headers: String = "", within limit: Duration = .seconds(15)
    ) async throws -> HTTPAnswer {
        send("\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n\(headers)\r\n")
        return try await answer(to: method, within: limit)
    }

    /// Waits until the server has closed the connection.
    ///
    /// - Returns: what it sent that nobody has taken.
    func waitForClose(within limit: Duration) async throws -> String {
        try await inbox.wait(on: channel.eventLoop, within: limit) { bytes, isEnded in
            isEnded ? String(decoding: bytes, as: UTF8.self) : nil
        }
    }

    /// Whether the server has closed the connection, as far as is known.
    var isClosed: Bool { inbox.isEnded }
}

/// What came in on a connection, and who waits for more.
private final class Inbox: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private struct State {
        var bytes: [UInt8] = []
        var isEnded = false
        var changes = 0
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = NIOLockedValueBox(State())

    var isEnded: Bool { state.withLockedValue { $0.isEnded } }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        change { $0.bytes += bytes.readableBytesView }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { change { $0.isEnded = true } }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        change { $0.isEnded = true }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A connection reset; it becomes inactive.
        context.close(promise: nil)
    }

    private func change(_ body: (inout sending State) -> Void) {
        let waiter = state.withLockedValue { state in
            body(&state)
            state.changes += 1
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    func wait<Value: Sendable>(
        on eventLoop: any EventLoop, within limit: Duration,
        for parse: (inout [UInt8], Bool) throws -> Value?
    ) async throws -> Value {
        let end = ContinuousClock.now + limit
        let alarm = eventLoop.scheduleTask(in: TimeAmount(limit)) { self.change { _ in } }
        defer { alarm.cancel() }
        while true {
            let (value, changes) = try state.withLockedValue { (try parse(&$0.bytes, $0.isEnded), $0.changes) }
            if let value { return value }
            if ContinuousClock.now >= end { throw HTTPConnection.Timeout() }
            await withCheckedContinuation { continuation in
                let hasChanged = state.withLockedValue { state in
                    if state.changes == changes { state.waiter = continuation }
                    return state.changes != changes
                }
                if hasChanged { continuation.resume() }
            }
        }
    }
}
