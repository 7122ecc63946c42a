import NIOCore
import NIOPosix

/// A listener on loopback that is no database.
final class FaultyServer: Sendable {
    enum Behaviour: Sendable {
        /// Accepts and says nothing.
        case silent
        /// Closes as soon as it has accepted.
        case closes
        /// Resets as soon as it has accepted.
        case resets
        /// Closes when the client has said something: in a TLS handshake, after its ClientHello.
        case closesAfterFirstBytes
        /// Answers this to whatever the client says.
        case answers([UInt8])
    }

    private let channel: any Channel
    var port: Int { channel.localAddress?.port ?? 0 }

    static func start(_ behaviour: Behaviour) async throws -> FaultyServer {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { $0.pipeline.addHandler(FaultyHandler(behaviour: behaviour)) }
            .bind(host: "127.0.0.1", port: 0).get()
        return FaultyServer(channel: channel)
    }

    private init(channel: any Channel) {
        self.channel = channel
    }

    deinit { channel.close(promise: nil) }
}

private final class FaultyHandler: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let behaviour: FaultyServer.Behaviour

    init(behaviour: FaultyServer.Behaviour) {
        self.behaviour = behaviour
    }

    func channelActive(context: ChannelHandlerContext) {
        switch behaviour {
        case .closes: context.close(promise: nil)
        case .resets:
            // SO_LINGER of zero seconds: close(2) sends RST.
            let channel = context.channel
            (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                .whenComplete { _ in channel.close(promise: nil) }
        default: break
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch behaviour {
        case .closesAfterFirstBytes: context.close(promise: nil)
        case .answers(let bytes): context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        default: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
