/// JSON that grows at its end, up to a limit.
struct JSONBuffer {
    private(set) var bytes: [UInt8] = []
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// - Throws: ``BSONFault/tooMuchJSON(limit:)`` where the limit would be passed; as every method here.
    mutating func append(_ more: some Collection<UInt8>) throws(BSONFault) {
        try checkSpace(for: more.count)
        bytes += more
    }

    private func checkSpace(for count: Int) throws(BSONFault) {
        guard count <= limit - bytes.count else { throw .tooMuchJSON(limit: limit) }
    }

    mutating func append(_ text: StaticString) throws(BSONFault) {
        try append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(ascii text: String) throws(BSONFault) {
        try append(text.utf8)
    }

    /// A string as `JSON.stringify` writes it: quotes, backslashes and control characters escaped, everything else as it is
    /// (ECMA-262, QuoteJSONString, <https://tc39.es/ecma262/#sec-quotejsonstring>).
    ///
    /// - Parameter utf8: each part of it that is no UTF-8 becomes a U+FFFD, as in Node's `Buffer.toString`.
    mutating func append(quoted utf8: UnsafeRawBufferPointer) throws(BSONFault) {
        try append("\"")
        // Up to here it is written; what follows is copied in one piece as far as it may stay as it is.
        var written = 0
        var index = 0
        while index < utf8.count {
            let byte = utf8[index]
            if byte >= 0x80 {
                let sequence = UTF8Sequence(at: index, of: utf8)
                if !sequence.isValid {
                    try append(utf8[written..<index])
                    try append("\u{fffd}")
                    written = index + sequence.count
                }
                index += sequence.count
            } else {
                if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                    try append(utf8[written..<index])
                    try append(escaped: byte)
                    written = index + 1
                }
                index += 1
            }
        }
        try append(utf8[written...])
        try append("\"")
    }

    private mutating func append(escaped byte: UInt8) throws(BSONFault) {
        switch byte {
        case 0x08: try append(#"\b"#)
        case 0x09: try append(#"\t"#)
        case 0x0a: try append(#"\n"#)
        case 0x0c: try append(#"\f"#)
        case 0x0d: try append(#"\r"#)
        case UInt8(ascii: "\""): try append(#"\""#)
        case UInt8(ascii: "\\"): try append(#"\\"#)
        default:
            try append(#"\u00"#)
            try append(hexadecimal: CollectionOfOne(byte))
        }
    }

    /// Two small digits for each byte.
    mutating func append(hexadecimal more: some Collection<UInt8>) throws(BSONFault) {
        try checkSpace(for: 2 * more.count)
        for byte in more {
            bytes.append(Self.digits[Int(byte >> 4)])
            bytes.append(Self.digits[Int(byte & 0xf)])
        }
    }

    /// Base64 with padding (RFC 4648, section 4).
    mutating func append(base64 more: UnsafeRawBufferPointer) throws(BSONFault) {
        try checkSpace(for: (more.count + 2) / 3 * 4)
        for start in stride(from: 0, to: more.count, by: 3) {
            let group = more[start..<min(start + 3, more.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for digit in 0..<4 {
                bytes.append(digit <= group.count ? Self.base64[bits >> (18 - 6 * digit) & 63] : UInt8(ascii: "="))
            }
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)
    private static let base64 = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
}
