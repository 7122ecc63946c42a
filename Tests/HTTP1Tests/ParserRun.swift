@testable import HTTP1

/// What a parser says of bytes that come in pieces, in a form that does not depend on the pieces.
struct ParserRun: Equatable {
    enum Event: Equatable {
        case head(RequestHead)
        /// All of a body up to the next other event.
        case body([UInt8])
        case end
        case refused(Refusal)
    }

    private(set) var events: [Event] = []
    private(set) var isBetweenRequests = true
    private(set) var refusalAtEndOfInput: Refusal?

    init(_ pieces: [[UInt8]]) {
        var parser = RequestParser(keepsRequestID: true)
        for piece in pieces { read(piece, &parser) }
        isBetweenRequests = parser.isBetweenRequests
        refusalAtEndOfInput = parser.refusalAtEndOfInput()
    }

    init(_ text: String) {
        self.init([Array(text.utf8)])
    }

    private mutating func read(_ piece: [UInt8], _ parser: inout RequestParser) {
        piece.withUnsafeBytes { bytes in
            var position = 0
            while let event = parser.next(in: bytes, at: &position) {
                switch event {
                case .head: events.append(.head(parser.head))
                case .body(let range): appendBody(Array(bytes[range]))
                case .end: events.append(.end)
                case .refused(let refusal): events.append(.refused(refusal))
                }
            }
            precondition(position == bytes.count, "bytes were left unread")
        }
    }

    private mutating func appendBody(_ bytes: [UInt8]) {
        precondition(!bytes.isEmpty, "an empty piece of a body")
        if case .body(let before)? = events.last {
            events[events.count - 1] = .body(before + bytes)
        } else {
            events.append(.body(bytes))
        }
    }

    /// Whether the events can follow each other like this.
    var isWellFormed: Bool {
        var isInRequest = false
        for (index, event) in events.enumerated() {
            switch event {
            case .head:
                if isInRequest { return false }
                isInRequest = true
            case .body: if !isInRequest { return false }
            case .end:
                if !isInRequest { return false }
                isInRequest = false
            case .refused: if index != events.count - 1 { return false }
            }
        }
        return true
    }
}
