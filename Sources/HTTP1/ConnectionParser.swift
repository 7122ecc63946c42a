/// The values of `Connection` and `Proxy-Connection` (RFC 9110, section 7.6.1): a list of options.
struct ConnectionParser: Sendable {
    private static let words = WordMatcher.Words(["close", "keep-alive", "upgrade"])

    private(set) var hasClose = false
    private(set) var hasKeepAlive = false
    private(set) var hasUpgrade = false
    private var word = WordMatcher()
    private var hasEnded = false

    mutating func beginLine() {
        word.reset()
        hasEnded = false
    }

    mutating func read(_ byte: UInt8) {
        if byte == .comma {
            endElement()
        } else if byte == .space || byte == .tab && word.isEmpty {
            // Spaces stand around an option; within one they make it another.
            if !word.isEmpty { hasEnded = true }
        } else if hasEnded {
            word.giveUp()
        } else {
            word.read(byte.lowercased, of: Self.words)
        }
    }

    mutating func endLine() {
        endElement()
    }

    private mutating func endElement() {
        switch word.match(of: Self.words) {
        case 0: hasClose = true
        case 1: hasKeepAlive = true
        case 2: hasUpgrade = true
        default: break
        }
        word.reset()
        hasEnded = false
    }
}
