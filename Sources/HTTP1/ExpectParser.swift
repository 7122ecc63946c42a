/// The values of `Expect`. As in Node, `100-continue` counts wherever it stands as a word of its own: in JavaScript,
/// `/(^|\W)100-continue($|\W)/i`.
struct ExpectParser: Sendable {
    private static let word = Array("100-continue".utf8)

    private(set) var isPresent = false
    private(set) var hasContinue = false
    private var matched = 0
    private var lastIsWordByte = false

    mutating func beginLine() {
        isPresent = true
        matched = 0
        lastIsWordByte = false
    }

    mutating func read(_ byte: UInt8) {
        if matched == Self.word.count {
            if !byte.isWordByte { hasContinue = true }
            matched = 0
        }
        if byte.lowercased == Self.word[matched], matched > 0 || !lastIsWordByte {
            matched &+= 1
        } else {
            matched = byte == Self.word[0] && !lastIsWordByte ? 1 : 0
        }
        lastIsWordByte = byte.isWordByte
    }

    mutating func endLine() {
        if matched == Self.word.count { hasContinue = true }
    }
}
