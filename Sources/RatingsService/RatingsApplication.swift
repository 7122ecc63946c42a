import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// The HTTP side as one service: `main` and the tests run the same.
///
/// - Parameters:
///   - repository: where the ratings come from.
///   - port: the TCP port, on all addresses; 0 lets the system choose.
///   - onListening: called once with the bound address.
public func buildApplication(
    repository: any RatingsRepository,
    host: String,
    port: Int,
    eventLoopGroup: any EventLoopGroup,
    logger: Logger,
    onListening: @escaping @Sendable (SocketAddress?) async -> Void = { _ in }
) -> some ApplicationProtocol {
    var serverLogger = logger
    // Hummingbird's own start line names neither the database nor TLS; ours does.
    serverLogger.logLevel = max(logger.logLevel, .notice)
    let executors = EventLoopExecutor.all(of: eventLoopGroup)
    return Application(
        responder: RatingsResponder(repository: repository),
        server: HTTPServerBuilder { responder in
            RatingsHTTPChannel(responder: responder, limits: HTTPLimits(), executors: executors)
        },
        configuration: ApplicationConfiguration(address: .hostname(host, port: port), backlog: 1024),
        onServerRunning: { channel in await onListening(channel.localAddress) },
        eventLoopGroupProvider: .shared(eventLoopGroup),
        logger: logger.logLevel <= .debug ? logger : serverLogger
    )
}
