/// The sets of bytes that the grammar names.
extension UInt8 {
    /// `tchar` (RFC 9110, section 5.6.2): letters, digits, ``!#$%&'*+-.^_`|~``.
    var isTokenByte: Bool { isIn(low: 0x03ff_6cfa_0000_0000, high: 0x57ff_ffff_c7ff_fffe) }

    /// What may stand between `://` and the path: letters, digits, ``-_.!~*'()%;:&=+$,[]@``.
    var isAuthorityByte: Bool { isIn(low: 0x2fff_7ff2_0000_0000, high: 0x47ff_fffe_afff_ffff) }

    /// `VCHAR` (RFC 5234): what a request target is made of.
    var isVisible: Bool { self > 0x20 && self < 0x7f }

    /// What a field value is made of (RFC 9110, section 5.5): `VCHAR`, `obs-text`, space and tab.
    var isFieldValueByte: Bool { self >= 0x20 && self != 0x7f || self == .tab }

    var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lowercased) }

    /// `\w` of JavaScript's regular expressions.
    var isWordByte: Bool { isLetter || isDigit || self == UInt8(ascii: "_") }

    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    /// The value of a hexadecimal digit; `nil` for any other byte.
    var hexadecimalValue: UInt8? {
        if isDigit { return self &- UInt8(ascii: "0") }
        let letter = lowercased
        guard letter >= UInt8(ascii: "a"), letter <= UInt8(ascii: "f") else { return nil }
        return letter &- UInt8(ascii: "a") &+ 10
    }

    /// A letter in lower case; no letter becomes one.
    var lowercased: UInt8 {
        self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self
    }

    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let comma = UInt8(ascii: ",")
    static let colon = UInt8(ascii: ":")
    static let semicolon = UInt8(ascii: ";")
    static let equals = UInt8(ascii: "=")
    static let slash = UInt8(ascii: "/")
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")

    /// - Parameters:
    ///   - low: a bit for each byte of the set below 64, the least significant for 0.
    ///   - high: the same for those from 64 to 127.
    private func isIn(low: UInt64, high: UInt64) -> Bool {
        let bits = self < 64 ? low : self < 128 ? high : 0
        return bits &>> UInt64(self) & 1 == 1
    }
}

extension UnsafeRawBufferPointer {
    /// The first position from `start` on whose byte is none of the set; the end where all are.
    @inline(__always)
    func end(ofRunFrom start: Int, _ isInSet: (UInt8) -> Bool) -> Int {
        var position = start
        while position < count, isInSet(self[position]) { position &+= 1 }
        return position
    }
}
