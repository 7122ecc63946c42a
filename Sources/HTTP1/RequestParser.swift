/// Reads the requests of one connection from its bytes, in whatever pieces they come (RFC 9112). It does no I/O: bytes in,
/// events out.
///
/// It accepts and refuses what Node's parser does (llhttp, strict), but for HTTP/0.9, HTTP/2.0, RTSP and ICE, which are
/// refused, and for `Upgrade`, which is ignored. A byte is looked at once, and nothing is kept of a request but its ``head``.
public struct RequestParser: Sendable {
    public enum Event: Equatable, Sendable {
        /// ``head`` describes a request from now on.
        case head
        /// A part of the request's body, as offsets in the bytes handed in; never empty.
        case body(Range<Int>)
        /// The request is complete.
        case end
        /// Nothing more will be parsed.
        case refused(Refusal)
    }

    private enum State: Sendable {
        case betweenRequests
        case requestLine(RequestLineParser)
        case fields(FieldLinesParser)
        case body(BodyParser)
        case end
        /// The request is complete, and nothing may follow it.
        case lastEnd
        case afterLastRequest
        /// The head is told, and its body cannot be found.
        case unknownBodyLength
        /// The same, but the request is answered all the same.
        case endWithUnknownBody
        case refused
    }

    /// Of the last ``Event/head``, until the next request begins.
    public private(set) var head = RequestHead()

    private let keepsRequestID: Bool
    private var state = State.betweenRequests
    private var size = FieldSize()
    private var meanings = FieldMeanings()

    /// - Parameter keepsRequestID: whether ``RequestHead/requestID`` is wanted.
    public init(keepsRequestID: Bool = false) {
        self.keepsRequestID = keepsRequestID
    }

    /// Reads up to the next event.
    ///
    /// - Parameter position: where to begin to read; moved behind what was read.
    /// - Returns: `nil` where all bytes are read and more are needed.
    public mutating func next(in bytes: UnsafeRawBufferPointer, at position: inout Int) -> Event? {
        while true {
            switch state {
            case .betweenRequests:
                position = bytes.end(ofRunFrom: position) { $0 == .carriageReturn || $0 == .lineFeed }
                guard position < bytes.count else { return nil }
                beginRequest()
            case .requestLine(var parser):
                let progress = parser.read(bytes, at: &position, into: &head, &size)
                state = .requestLine(parser)
                guard case .done = progress else { return event(progress) }
                state = .fields(FieldLinesParser(keepsRequestID: keepsRequestID))
            case .fields(var parser):
                let progress = parser.read(bytes, at: &position, into: &meanings, &size)
                state = .fields(parser)
                guard case .done = progress else { return event(progress) }
                return endHead()
            case .body(var parser):
                let step = parser.read(bytes, at: &position)
                state = parser.isComplete ? .end : .body(parser)
                switch step {
                case .needsMore: return nil
                case .content(let range): return .body(range)
                case .done: state = parser.trailersClose && head.version == .http11 ? .lastEnd : .end
                case .refused(let refusal): return refuse(refusal)
                }
            case .end:
                state = .betweenRequests
                return .end
            case .lastEnd:
                state = .afterLastRequest
                return .end
            case .afterLastRequest:
                position = bytes.end(ofRunFrom: position) { $0 == .carriageReturn || $0 == .lineFeed }
                return position < bytes.count ? refuse(.badRequest) : nil
            case .unknownBodyLength: return refuse(.badRequest)
            case .endWithUnknownBody:
                state = .unknownBodyLength
                return .end
            case .refused:
                position = bytes.count
                return nil
            }
        }
    }

    /// Whether no byte of a request has come since the last one was complete.
    public var isBetweenRequests: Bool {
        switch state {
        case .betweenRequests, .afterLastRequest, .refused: true
        default: false
        }
    }

    /// The memory that an unfinished head takes, in bytes.
    public var keptBytes: Int { isBetweenRequests ? 0 : head.target.capacity &+ meanings.requestID.capacity }

    /// What the end of the client's bytes means at this place: `nil` between requests.
    public func refusalAtEndOfInput() -> Refusal? {
        isBetweenRequests ? nil : .badRequest
    }

    private mutating func beginRequest() {
        head = RequestHead()
        size = FieldSize()
        meanings = FieldMeanings()
        state = .requestLine(RequestLineParser())
    }

    private mutating func endHead() -> Event {
        meanings.complete(&head)
        switch head.body {
        case .none: state = .end
        case .length(let length): state = .body(BodyParser(length: length))
        case .chunked where meanings.transferEncoding.isChunked: state = .body(BodyParser())
        // Node takes a request to upgrade for complete.
        case .chunked: state = meanings.asksForUpgrade ? .endWithUnknownBody : .unknownBodyLength
        }
        return .head
    }

    private mutating func event(_ progress: Progress) -> Event? {
        guard case .refused(let refusal) = progress else { return nil }
        return refuse(refusal)
    }

    private mutating func refuse(_ refusal: Refusal) -> Event {
        state = .refused
        return .refused(refusal)
    }
}
