/// The values of `Transfer-Encoding` (RFC 9112, section 6.1): a list whose last element has to be `chunked`.
struct TransferEncodingParser: Sendable {
    private static let words = WordMatcher.Words(["chunked"])

    private enum State: Sendable {
        case beforeElement, inElement, afterChunked, inOtherElement
        /// In another line, which has to be empty.
        case afterChunkedLine
    }

    /// Whether there is a value that is not empty.
    private(set) var isPresent = false
    /// Whether the last element so far is `chunked`.
    private(set) var isChunked = false
    private var state = State.beforeElement
    private var word = WordMatcher()

    /// Another field line begins.
    mutating func beginLine() {
        state = isChunked ? .afterChunkedLine : .beforeElement
    }

    /// - Returns: whether the value can go on like this.
    mutating func read(_ byte: UInt8) -> Bool {
        isPresent = true
        switch state {
        case .beforeElement:
            if byte == .space || byte == .tab || byte == .comma { return true }
            word.reset()
            state = .inElement
            readWord(byte)
        case .inElement: readWord(byte)
        case .afterChunked:
            if byte == .comma { return false }
            if byte != .space { leaveForAnotherElement() }
        case .afterChunkedLine: return false
        case .inOtherElement:
            if byte == .comma { state = .beforeElement }
        }
        return true
    }

    private mutating func readWord(_ byte: UInt8) {
        word.read(byte.lowercased, of: Self.words)
        if !word.isPossible {
            state = byte == .comma ? .beforeElement : .inOtherElement
        } else if word.match(of: Self.words) != nil {
            state = .afterChunked
            isChunked = true
        }
    }

    private mutating func leaveForAnotherElement() {
        isChunked = false
        state = .inOtherElement
    }
}
