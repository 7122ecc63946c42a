import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// One HTTP/1 connection: Hummingbird's request handling behind a pipeline that keeps raw request targets, bounds what a
/// client may send and how long it may take, and stays on the connection's own event loop.
struct RatingsHTTPChannel: HTTPChannelHandler {
    typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    let responder: Responder
    let limits: HTTPLimits

    /// By event loop.
    let executors: [ObjectIdentifier: EventLoopExecutor]

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            var decoderLimits = NIOHTTPDecoderLimitConfiguration()
            decoderLimits.maxHeaderFieldSize = limits.headerBytes
            decoderLimits.maxHeaderListSize = limits.headerBytes
            decoderLimits.maxHeaderFieldCount = limits.headerBytes
            try pipeline.addHandler(RequestTimeoutHandler(limits: limits))
            try pipeline.configureHTTPServerPipeline(
                withPipeliningAssistance: false,  // the NIOAsyncChannel reads one request after the other
                withErrorHandling: false,  // HTTPRequestCodec and Hummingbird do it
                withOutboundHeaderValidation: false,  // HTTPFields are valid by construction
                withEncoderConfiguration: .init(),
                withDecoderLimitConfiguration: decoderLimits
            )
            try pipeline.addHandler(HTTPRequestCodec())
            try pipeline.addHandler(HTTPConnectionStateHandler(idleTimeout: limits.idleTimeout, logger: logger))
            return try NIOAsyncChannel(
                wrappingChannelSynchronously: channel,
                configuration: .init(isOutboundHalfClosureEnabled: true)
            )
        }
    }

    func handle(value: Value, logger: Logger) async {
        await withTaskExecutorPreference(executors[ObjectIdentifier(value.channel.eventLoop)]) {
            await handleHTTP(asyncChannel: value, logger: logger)
        }
    }
}
