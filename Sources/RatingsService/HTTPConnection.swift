import EventLoop
import HTTP1
import Threads

/// One client's connection: its requests in, their answers out in the same order, and the times that both may take.
///
/// Bytes are parsed where they arrive, in the loop's buffer. Kept are only what the parser needs of an unfinished request,
/// and what a client sent ahead while too many of its requests wait for an answer; then nothing more is read from it.
final class HTTPConnection: TCPStreamDelegate {
    private enum Phase {
        /// Requests are read.
        case open
        /// No more are read, and what still comes is dropped; those that were read get their answers.
        case finishing
        /// All is answered and our side closed. The client's is waited for: closing while it still sends would lose it
        /// the last answer (RFC 9112, section 9.6).
        case lingering
        case closed
    }

    private unowned let server: HTTPServer
    private let stream: TCPStream
    private var parser: RequestParser
    private var phase = Phase.open
    private var clientHasFinished = false

    /// Requests without an answer, the oldest first; the last one may still be read.
    private var exchanges: [Exchange] = []
    private var bodyBytes = 0

    /// What is left of a large answer. All whom the same read answers share it; a piece is copied when the kernel has taken
    /// the one before.
    private var rest: ArraySlice<UInt8> = []
    private var isLastAnswerWritten = false

    /// What arrived and waits for room in ``exchanges``.
    private var unread: ArraySlice<UInt8> = []
    private var isParsing = false

    private lazy var times = ConnectionTimes(on: server.loop, limits: server.limits) { [unowned self] in expire() }

    init(_ stream: TCPStream, of server: HTTPServer) {
        self.stream = stream
        self.server = server
        parser = RequestParser(keepsRequestID: server.logger.level <= .debug)
        stream.delegate = self
    }

    func start() {
        stream.startReading()
        setDeadline()
    }

    /// It ends with its next answer, or in time without one.
    func drain() {
        setDeadline()
    }

    /// Who is idle is told; who does not do its part is cut off.
    private func expire() {
        guard state == .idle, phase == .open else { return close() }
        finish()
        setDeadline()
    }

    private func close() {
        guard phase != .closed else { return }
        phase = .closed
        times.stop()
        stream.close()
        exchanges = []
        unread = []
        rest = []
        setDeadline()
        server.remove(self)
    }

    /// Since when a request has been arriving; `nil` while none is.
    var requestBegan: MonotonicTime? { state == .reading ? times.requestBegan : nil }

    /// Gives up on the request that is arriving.
    func refuseForWantOfMemory() {
        refuse(Answer.requestTimeout)
        proceed()
    }

    private var isInsideRequest: Bool { !parser.isBetweenRequests || !unread.isEmpty }

    /// The memory that is kept for this client, in bytes, as the server's account has it.
    private(set) var keptBytes = 0

    private func setDeadline() {
        let kept = phase == .closed ? 0 : parser.keptBytes + unread.count + stream.unsentBytes
        let change = kept - keptBytes
        keptBytes = kept
        // This may end other connections, and this one.
        server.account(change)
        if phase != .closed { times.set(state, server.drain) }
    }

    private var state: ConnectionTimes.State {
        if stream.isSending { return .sending }
        if phase == .lingering { return .lingering }
        if phase == .open, !parser.isBetweenRequests, unread.isEmpty { return .reading }
        return exchanges.isEmpty ? .idle : .answering
    }
}

// MARK: - Requests

extension HTTPConnection {
    func received(_ bytes: UnsafeRawBufferPointer) {
        guard phase == .open else { return }
        times.noteActivity()
        let end = parse(bytes)
        if phase == .open, end < bytes.count { unread = Array(bytes[end...])[...] }
        proceed()
    }

    func receivedEnd() {
        clientHasFinished = true
        if phase == .open {
            if let refusal = parser.refusalAtEndOfInput() {
                refuse(Answer.refusal(refusal))
            } else {
                phase = .finishing
            }
        }
        if phase != .lingering { return proceed() }
        if !stream.isSending { close() }
    }

    /// Sends what can be sent, reads what there is room for, and lets the client send more where both are done.
    private func proceed() {
        guard !isParsing else { return }
        sendAnswers()
        while phase == .open, !unread.isEmpty, hasRoom {
            let bytes = unread
            let end = bytes.withUnsafeBytes { parse($0) }
            unread = bytes.dropFirst(end)
            sendAnswers()
        }
        if phase == .closed { return }
        // While an answer is unsent nothing is read: a client that does not take its answers gets to ask no more.
        if phase != .lingering, stream.isSending || phase == .open && !unread.isEmpty {
            stream.stopReading()
        } else {
            stream.startReading()
        }
        setDeadline()
    }

    private var hasRoom: Bool { !stream.isSending && exchanges.count < server.limits.pipelinedRequests }

    /// - Returns: how many of the bytes were read.
    private func parse(_ bytes: UnsafeRawBufferPointer) -> Int {
        isParsing = true
        defer { isParsing = false }
        var position = 0
        // A request that has begun is read to its end: the answers that it waits behind may wait for it.
        while phase == .open, hasRoom || !parser.isBetweenRequests, let event = parser.next(in: bytes, at: &position) {
            switch event {
            case .head: begin(parser.head)
            case .body(let range): readBody(UnsafeRawBufferPointer(rebasing: bytes[range]))
            case .end: end()
            case .refused(let refusal): refuse(Answer.refusal(refusal))
            }
        }
        return position
    }

    private func begin(_ head: RequestHead) {
        let persistence: Response.Persistence =
            head.closes ? .close : head.asksToKeepAlive ? .keepAlive : .persistent
        let exchange = Exchange(isHEAD: head.method == .head, persistence: persistence)
        if server.logger.level <= .debug { exchange.record = RequestRecord(head) }
        exchange.expectsContinue = head.expectation == .continue && head.version == .http11
        bodyBytes = 0
        exchanges.append(exchange)
        switch RatingsResponder.verdict(on: head) {
        case .respond(let response): exchange.response = response
        case .respondAndClose(let response):
            exchange.response = response
            exchange.persistence = .close
            if head.method == .connect { endReading(exchange) }
        case .ratings(let product): exchange.task = .ratings(product)
        case .validate: exchange.task = .validation(JSONValidator())
        }
    }

    private func readBody(_ bytes: UnsafeRawBufferPointer) {
        guard let exchange = exchanges.last, case .validation(var validator) = exchange.task else { return }
        bodyBytes += bytes.count
        if bodyBytes > server.limits.bodyBytes { return refuseBody(of: exchange) }
        // The exchange must not hold a second reference to the validator's state while that changes.
        exchange.task = .none
        validator.read(bytes)
        exchange.task = .validation(validator)
    }

    private func refuseBody(of exchange: Exchange) {
        exchange.task = .none
        exchange.response = Answer.contentTooLarge
        exchange.persistence = .close
        exchange.expectsContinue = false
        endReading(exchange)
    }

    private func end() {
        guard let exchange = exchanges.last else { return }
        times.noteEndOfRequest()
        exchange.isRead = true
        if exchange.persistence == .close { phase = .finishing }
        switch exchange.task {
        case .none: break
        case .validation(var validator):
            exchange.response = validator.finish() ? Answer.postNotImplemented : Answer.invalidJSON
        case .ratings(let product):
            server.repository.ratings { [self] result in
                exchange.response =
                    switch result {
                    case .success(let ratings): Answer.ratings(ratings, of: product)
                    case .failure(let fault): Answer.unavailable(fault)
                    }
                proceed()
            }
        }
        exchange.task = .none
    }

    /// Answers what cannot be read on in its turn, and then ends the connection.
    private func refuse(_ response: Response) {
        if exchanges.last?.isRead == false { exchanges.removeLast() }
        let exchange = Exchange(isHEAD: false, persistence: .close)
        exchange.response = response
        exchanges.append(exchange)
        endReading(exchange)
    }

    /// What is left of this request, and what comes behind it, does not matter.
    private func endReading(_ exchange: Exchange) {
        exchange.isRead = true
        phase = .finishing
        parser = RequestParser()
    }
}

// MARK: - Answers

extension HTTPConnection {
    func sent() {
        times.noteActivity()
        if phase == .lingering, clientHasFinished { return close() }
        proceed()
    }

    func failed() {
        close()
    }

    private func sendAnswers() {
        guard phase == .open || phase == .finishing else { return }
        sendRest()
        // What the kernel does not take is copied, so no more answers are made than it takes.
        while !isLastAnswerWritten, !stream.isSending, let exchange = exchanges.first {
            guard exchange.isRead, let response = exchange.response else {
                sendContinue(for: exchange)
                break
            }
            exchanges.removeFirst()
            isLastAnswerWritten = exchange.persistence == .close || exchanges.isEmpty && isEnding
            rest = response.write(
                to: &server.output, isForHEAD: exchange.isHEAD, date: server.date.now(),
                persistence: isLastAnswerWritten ? .close : exchange.persistence, copyLimit: server.limits.answerBytes)
            exchange.record?.write(to: server.logger, status: response.status)
            if !rest.isEmpty || server.output.count >= server.limits.answerBytes { flush() }
        }
        flush()
        if rest.isEmpty, isLastAnswerWritten || phase == .finishing && exchanges.isEmpty { finish() }
    }

    private func sendRest() {
        while !rest.isEmpty, !stream.isSending {
            let piece = rest.prefix(2 * server.limits.answerBytes)
            rest = rest.dropFirst(piece.count)
            piece.withUnsafeBytes { stream.write($0) }
            times.noteActivity()
        }
        if rest.isEmpty { rest = [] }
    }

    /// Writes the answers that have been put together.
    private func flush() {
        guard !server.output.isEmpty else { return }
        server.output.withUnsafeBytes { stream.write($0) }
        server.output.removeAll(keepingCapacity: server.output.count <= 2 * server.limits.answerBytes)
        times.noteActivity()
        sendRest()
    }

    /// Whether an answer with none behind it is the connection's last.
    private var isEnding: Bool { phase == .finishing || server.drain != nil && !isInsideRequest }

    private func sendContinue(for exchange: Exchange) {
        guard exchange.expectsContinue, !exchange.isRead else { return }
        exchange.expectsContinue = false
        server.output += Response.continue
    }

    /// Closes our side, now that there is nothing more to say.
    private func finish() {
        exchanges = []
        unread = []
        phase = .lingering
        if !clientHasFinished {
            stream.finishSending()
            times.noteActivity()
        } else if !stream.isSending {
            close()
        }
    }
}
