import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Synchronization

/// Stands between the service and mongod, as a network does, and can be as bad as one.
final class Relay: Sendable {
    enum Mode: Sendable {
        case forwards
        /// Swallows all bytes in both directions and keeps the connections: a route that has become a black hole.
        case silent
        /// Lets the TLS handshake through, and swallows what the client sends after it.
        case silentAfterHandshake
    }

    fileprivate final class State: Sendable {
        let mode: NIOLockedValueBox<Mode>
        let accepted = Atomic(0)
        let port: Int

        init(mode: Mode, port: Int) {
            self.mode = NIOLockedValueBox(mode)
            self.port = port
        }
    }

    private let state: State
    private let channel: any Channel

    /// - Parameters:
    ///   - port: where mongod listens on 127.0.0.1.
    ///   - host: the loopback address to listen on.
    static func start(to port: Int, host: String = "127.0.0.1", mode: Mode = .forwards) async throws -> Relay {
        let state = State(mode: mode, port: port)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { client in
                state.accepted.add(1, ordering: .relaxed)
                return ClientBootstrap(group: client.eventLoop)
                    .channelInitializer { server in
                        server.pipeline.addHandler(RelayHandler(peer: client, state: state, isFromClient: false))
                    }
                    .connect(host: "127.0.0.1", port: port)
                    .flatMap { server in
                        client.pipeline.addHandler(RelayHandler(peer: server, state: state, isFromClient: true))
                    }
            }
            .bind(host: host, port: 0).get()
        return Relay(state: state, channel: channel)
    }

    private init(state: State, channel: any Channel) {
        self.state = state
        self.channel = channel
    }

    deinit { channel.close(promise: nil) }

    var port: Int { channel.localAddress?.port ?? 0 }

    /// How many connections came in.
    var accepted: Int { state.accepted.load(ordering: .relaxed) }

    var mode: Mode {
        get { state.mode.withLockedValue { $0 } }
        set { state.mode.withLockedValue { $0 = newValue } }
    }
}

/// Copies from one channel to its peer; lives on their common event loop.
private final class RelayHandler: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer

    private let peer: any Channel
    private let state: Relay.State
    private let isFromClient: Bool
    private var records = TLSRecords()

    init(peer: any Channel, state: Relay.State, isFromClient: Bool) {
        self.peer = peer
        self.state = state
        self.isFromClient = isFromClient
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        switch state.mode.withLockedValue({ $0 }) {
        case .forwards: peer.writeAndFlush(bytes, promise: nil)
        case .silent: break
        case .silentAfterHandshake:
            let isHandshake = !isFromClient || !records.isHandshakeOver
            if isFromClient { records.read(bytes.readableBytesView) }
            if isHandshake { peer.writeAndFlush(bytes, promise: nil) }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        peer.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

/// Follows the records of a TLS 1.3 client (RFC 8446, section 5.1): its first record of type application_data is its
/// encrypted Finished, which ends the handshake.
struct TLSRecords {
    private var pending: [UInt8] = []
    private(set) var isHandshakeOver = false

    mutating func read(_ bytes: some Sequence<UInt8>) {
        pending += bytes
        while pending.count >= 5 {
            let length = 5 + Int(pending[3]) << 8 + Int(pending[4])
            guard pending.count >= length else { return }
            if pending[0] == 23 { isHandshakeOver = true }
            pending.removeFirst(length)
        }
    }
}
