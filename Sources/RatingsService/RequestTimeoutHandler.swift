import NIOCore
import NIOHTTP1

/// Bounds how long a request may take to arrive and an answer to be taken, and closes what a client leaves half open.
///
/// It stands before the decoder, where every byte passes. One timer a connection is enough for all its requests: it is
/// set anew only when it fires.
final class RequestTimeoutHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let limits: HTTPLimits

    /// When the first byte of the request arrived that is not complete yet.
    private var requestBegan: NIODeadline?
    private var requestTimer: Scheduled<Void>?

    /// Those that close the connection for another reason.
    private var closeTimers: [Scheduled<Void>] = []

    private var lastRequestHadBody = false

    init(limits: HTTPLimits) {
        self.limits = limits
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if requestBegan == nil { beginRequest(context: context) }
        // Requests without a body end with an empty line. What follows one in the same segment is another's beginning.
        let endsWithEmptyLine = unwrapInboundIn(data).readableBytesView.suffix(4).elementsEqual("\r\n\r\n".utf8)
        context.fireChannelRead(data)
        if requestBegan == nil, !endsWithEmptyLine, !lastRequestHadBody { beginRequest(context: context) }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        if let event = event as? RequestRead {
            requestBegan = nil
            lastRequestHadBody = event.hadBody
            promise?.succeed()
        } else {
            context.triggerUserOutboundEvent(event, promise: promise)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent, requestBegan != nil {
            closeAfter(limits.requestReadTimeoutAtShutdown, context: context) { $0.requestBegan != nil }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if !context.channel.isWritable {
            closeAfter(limits.responseWriteTimeout, context: context) { _ in !context.channel.isWritable }
        }
        context.fireChannelWritabilityChanged()
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode == .output { closeAfter(limits.lingerTimeout, context: context) { _ in true } }
        context.close(mode: mode, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        requestTimer?.cancel()
        for timer in closeTimers { timer.cancel() }
        closeTimers = []
        context.fireChannelInactive()
    }

    private func beginRequest(context: ChannelHandlerContext) {
        requestBegan = .now()
        if requestTimer == nil { setRequestTimer(context: context) }
    }

    private func setRequestTimer(context: ChannelHandlerContext) {
        guard let requestBegan else { return }
        requestTimer = context.eventLoop.assumeIsolated().scheduleTask(
            deadline: requestBegan + limits.requestReadTimeout
        ) {
            self.requestTimer = nil
            guard let began = self.requestBegan else { return }
            if NIODeadline.now() >= began + self.limits.requestReadTimeout {
                context.close(promise: nil)
            } else {
                self.setRequestTimer(context: context)
            }
        }
    }

    private func closeAfter(
        _ time: TimeAmount,
        context: ChannelHandlerContext,
        if condition: @escaping (RequestTimeoutHandler) -> Bool
    ) {
        closeTimers.append(
            context.eventLoop.assumeIsolated().scheduleTask(in: time) {
                if condition(self) { context.close(promise: nil) }
            }
        )
    }
}
