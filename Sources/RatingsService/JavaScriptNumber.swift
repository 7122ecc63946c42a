/// Numbers as the original writes and reads them: it is a JavaScript program, and its answers show it.
public enum JavaScriptNumber {
    /// A number as `JSON.stringify` writes it: the shortest digits that read back as the same double, plain below 10^21 and
    /// from 10^-6 on, with an exponent elsewhere; `null` where it is not finite.
    ///
    /// Source: ECMAScript, Number::toString (<https://tc39.es/ecma262/#sec-numeric-types-number-tostring>).
    public static func json(_ number: Double) -> String {
        guard number.isFinite else { return "null" }
        // Integers below 10^15 are their own shortest digits.
        if let integer = Int64(exactly: number), integer.magnitude < 1_000_000_000_000_000 { return String(integer) }
        let sign = number < 0 ? "-" : ""
        let (digits, pointPosition) = shortestDigits(of: number.magnitude)
        return sign + notation(digits: digits, pointPosition: pointPosition)
    }

    /// What `parseInt(text)` reads: white space, a sign, then decimal digits, or hexadecimal ones after `0x`; whatever follows
    /// is ignored. `nil` stands for NaN.
    ///
    /// Source: ECMAScript, parseInt (<https://tc39.es/ecma262/#sec-parseint-string-radix>).
    static func parseInt(_ text: ArraySlice<UInt8>) -> Double? {
        var rest = text.drop { $0 == 0x20 || (0x09...0x0d).contains($0) }
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        let isHexadecimal =
            rest.first == UInt8(ascii: "0") && rest.dropFirst().first.map { $0 | 0x20 } == UInt8(ascii: "x")
        if isHexadecimal { rest = rest.dropFirst(2) }
        let digits = rest.prefix { isHexadecimal ? $0.isHexadecimalDigit : $0.isDecimalDigit }
        guard !digits.isEmpty else { return nil }
        let literal = String(decoding: digits, as: UTF8.self)
        guard let magnitude = isHexadecimal ? Double("0x\(literal)p0") : Double(literal) else { return nil }
        return isNegative ? -magnitude : magnitude
    }

    /// The digits without leading or trailing zeros, and how many of them stand before the decimal point.
    ///
    /// Swift's description has the shortest digits too, in another notation: `5.0`, `1e+21`, `1.5e-07`.
    private static func shortestDigits(of number: Double) -> (digits: String, pointPosition: Int) {
        let parts = number.description.split(separator: "e")
        let exponent = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let fraction = mantissa.count == 2 ? mantissa[1] : ""
        let all = mantissa[0] + fraction
        let leadingZeros = all.prefix { $0 == "0" }.count
        var digits = all.dropFirst(leadingZeros)
        while digits.last == "0" { digits.removeLast() }
        return (String(digits), mantissa[0].count + exponent - leadingZeros)
    }

    private static func notation(digits: String, pointPosition: Int) -> String {
        let count = digits.count
        if count <= pointPosition, pointPosition <= 21 {
            return digits + String(repeating: "0", count: pointPosition - count)
        }
        if 0 < pointPosition, pointPosition <= 21 {
            return "\(digits.prefix(pointPosition)).\(digits.dropFirst(pointPosition))"
        }
        if -6 < pointPosition, pointPosition <= 0 {
            return "0." + String(repeating: "0", count: -pointPosition) + digits
        }
        let exponent = pointPosition - 1
        let mantissa = count == 1 ? digits : "\(digits.prefix(1)).\(digits.dropFirst())"
        return "\(mantissa)e\(exponent < 0 ? "-" : "+")\(abs(exponent))"
    }
}

extension UInt8 {
    var isDecimalDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    var isHexadecimalDigit: Bool { isDecimalDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20) }
}
