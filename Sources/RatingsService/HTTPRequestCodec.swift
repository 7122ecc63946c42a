import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// Translates between NIO's HTTP/1 parts and the shared HTTP types, like `HTTP1ToHTTPServerCodec`, and keeps what that one
/// loses and the original's answers depend on: the raw request target, and whether the connection lives on.
final class HTTPRequestCodec: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Whether the connection stays open after the answer, for each request that has none yet, the oldest first.
    private var keepAlive = CircularBuffer<KeepAlive>(initialCapacity: 1)

    private var parserError: HTTPParserError?
    private var isQuiescing = false
    private var requestHasBody = false

    private enum KeepAlive { case byDefault, asked, no }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard parserError == nil else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): readHead(head, context: context)
        case .body(let bytes):
            requestHasBody = true
            context.fireChannelRead(wrapInboundOut(.body(bytes)))
        case .end:
            context.fireChannelRead(wrapInboundOut(.end(nil)))
            context.triggerUserOutboundEvent(RequestRead(hadBody: requestHasBody), promise: nil)
        }
    }

    private func readHead(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
        guard let method = try? HTTPRequest.Method(head.method) else {
            return errorCaught(context: context, error: HTTPParserError.invalidMethod)
        }
        var request = HTTPRequest(
            method: method,
            scheme: "http",
            // HTTP/1.0 has no Host; an empty authority marks the request as complete.
            authority: head.headers["host"].first ?? (head.version == .http1_0 ? "" : nil),
            path: head.uri,
            headerFields: HTTPFields(head.headers, splitCookie: false)
        )
        let keepAlive = keepAlive(after: head)
        // Hummingbird ends the connection after a request that says exactly this.
        request.headerFields[.connection] = keepAlive == .no ? "close" : nil
        if expectsContinue(head), self.keepAlive.isEmpty {
            let interim = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(interim)), promise: nil)
        }
        self.keepAlive.append(keepAlive)
        requestHasBody = false
        context.fireChannelRead(wrapInboundOut(.head(request)))
    }

    /// RFC 9112, section 9.3. The decoder stops at a request to upgrade, which this server does not follow.
    private func keepAlive(after head: HTTPRequestHead) -> KeepAlive {
        if !head.isKeepAlive || head.headers.contains(name: "upgrade") || head.method == .CONNECT { return .no }
        return head.version == .http1_0 ? .asked : .byDefault
    }

    /// RFC 9110, section 10.1.1: HTTP/1.0 knows no expectations.
    private func expectsContinue(_ head: HTTPRequestHead) -> Bool {
        head.version != .http1_0 && head.headers.first(name: "expect")?.lowercased() == "100-continue"
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let response):
            context.write(wrapOutboundOut(.head(head(of: response))), promise: promise)
        case .body(let bytes):
            context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: promise)
        case .end:
            context.write(wrapOutboundOut(.end(nil)), promise: promise)
        }
    }

    private func head(of response: HTTPResponse) -> HTTPResponseHead {
        var head = HTTPResponseHead(response)
        if parserError != nil, response.status == .badRequest, response.headerFields[.connection] == "close" {
            // Hummingbird's answer to whatever the decoder refused; no request of the queue is meant.
            if parserError == .headerOverflow { head.status = .requestHeaderFieldsTooLarge }
            return head
        }
        let keepAlive = keepAlive.popFirst() ?? .byDefault
        if keepAlive == .no || isQuiescing && self.keepAlive.isEmpty {
            head.headers.replaceOrAdd(name: "connection", value: "close")
        } else if keepAlive == .asked {
            head.headers.replaceOrAdd(name: "connection", value: "keep-alive")
        }
        return head
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent { isQuiescing = true }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        parserError = parserError ?? (error as? HTTPParserError)
        context.fireErrorCaught(error)
    }
}

/// Goes from ``HTTPRequestCodec`` to ``RequestTimeoutHandler`` when the last byte of a request has been read.
struct RequestRead {
    let hadBody: Bool
}
