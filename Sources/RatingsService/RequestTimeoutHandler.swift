import NIOCore
import NIOHTTP1

/// Bounds how long a request may take to arrive and how large its head may become before the decoder can tell, and
/// closes what a client leaves half open.
///
/// It stands before the decoder, where every byte passes. One timer a connection is enough: it is set anew only when it
/// fires, not for every request.
final class RequestTimeoutHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let limits: HTTPLimits
    private var timeout: TimeAmount

    /// When the first byte of the request arrived that is not complete yet.
    private var requestBegan: NIODeadline?
    private var isTimerSet = false

    init(limits: HTTPLimits) {
        self.limits = limits
        timeout = limits.requestReadTimeout
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if requestBegan == nil {
            requestBegan = .now()
            setTimer(context: context)
        }
        context.fireChannelRead(data)
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        if event is RequestRead {
            requestBegan = nil
            promise?.succeed()
        } else {
            context.triggerUserOutboundEvent(event, promise: promise)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent, requestBegan != nil {
            timeout = limits.requestReadTimeoutAtShutdown
            requestBegan = .now()
            closeAfter(timeout, context: context) { $0.requestBegan != nil }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode == .output { closeAfter(limits.lingerTimeout, context: context) { _ in true } }
        context.close(mode: mode, promise: promise)
    }

    private func setTimer(context: ChannelHandlerContext) {
        guard !isTimerSet, let requestBegan else { return }
        isTimerSet = true
        context.eventLoop.assumeIsolated().scheduleTask(deadline: requestBegan + timeout) {
            self.isTimerSet = false
            guard let began = self.requestBegan else { return }
            if NIODeadline.now() >= began + self.timeout {
                context.close(promise: nil)
            } else {
                self.setTimer(context: context)
            }
        }
    }

    private func closeAfter(
        _ time: TimeAmount,
        context: ChannelHandlerContext,
        if condition: @escaping (RequestTimeoutHandler) -> Bool
    ) {
        context.eventLoop.assumeIsolated().scheduleTask(in: time) {
            if condition(self) { context.close(promise: nil) }
        }
    }
}
