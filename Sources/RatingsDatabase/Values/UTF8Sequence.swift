/// The bytes at one place of a text that a decoder of UTF-8 takes as one: a character, or a part that is none and becomes
/// one U+FFFD.
///
/// Source: the decoder of <https://encoding.spec.whatwg.org/#utf-8-decoder>, which Node follows; it takes the longest part
/// that begins like a character (Unicode, section 3.9, "maximal subpart").
struct UTF8Sequence {
    let count: Int
    let isValid: Bool

    /// - Parameter index: within `text`.
    init(at index: Int, of text: UnsafeRawBufferPointer) {
        let lead = text[index]
        let needed: Int
        // What the second byte may be: overlong forms, surrogates and numbers above U+10FFFF are excluded by it.
        var allowed: ClosedRange<UInt8> = 0x80...0xbf
        switch lead {
        case 0..<0x80: needed = 0
        case 0xc2...0xdf: needed = 1
        case 0xe0...0xef:
            needed = 2
            if lead == 0xe0 { allowed = 0xa0...0xbf }
            if lead == 0xed { allowed = 0x80...0x9f }
        case 0xf0...0xf4:
            needed = 3
            if lead == 0xf0 { allowed = 0x90...0xbf }
            if lead == 0xf4 { allowed = 0x80...0x8f }
        default:
            self.count = 1
            self.isValid = false
            return
        }
        var count = 1
        while count <= needed, index + count < text.count, allowed.contains(text[index + count]) {
            count += 1
            allowed = 0x80...0xbf
        }
        self.count = count
        self.isValid = count == needed + 1
    }

    /// A text with U+FFFD for each part that is no UTF-8.
    static func repaired(_ text: UnsafeRawBufferPointer) -> [UInt8] {
        var repaired: [UInt8] = []
        var index = 0
        while index < text.count {
            let sequence = UTF8Sequence(at: index, of: text)
            if sequence.isValid {
                repaired += text[index..<(index + sequence.count)]
            } else {
                repaired += "\u{fffd}".utf8
            }
            index += sequence.count
        }
        return repaired
    }
}
