/// A decimal number of 128 bits (IEEE 754-2008, binary integer significand).
struct Decimal128 {
    let high: UInt64
    let low: UInt64

    /// As js-bson's `Decimal128.toString` writes it: the rules of the BSON specification's decimal128.md, but for numbers that
    /// are not canonical the coefficient that is stored, where the specification says zero.
    var text: String {
        let sign = high >> 63 == 1 ? "-" : ""
        let combination = high >> 58 & 0x1f
        if combination == 0x1f { return "NaN" }
        if combination == 0x1e { return sign + "Infinity" }
        // Two forms: the exponent begins two bits later where the first two are ones, and then a coefficient above 2^113 is meant.
        let isLarge = combination >> 3 == 3
        let exponent = Int(high >> (isLarge ? 47 : 49) & 0x3fff) - 6176
        let upper = isLarge ? 8 << 46 | high & (1 << 47 - 1) : high & (1 << 49 - 1)
        return sign + Self.notation(digits: Self.digits(upper, low), exponent: exponent)
    }

    /// A number of 128 bits in decimal digits.
    private static func digits(_ high: UInt64, _ low: UInt64) -> String {
        var parts = [high >> 32, high & 0xffff_ffff, low >> 32, low & 0xffff_ffff]
        var digits: [UInt8] = []
        repeat {
            var remainder: UInt64 = 0
            for index in parts.indices {
                let value = remainder << 32 | parts[index]
                parts[index] = value / 10
                remainder = value % 10
            }
            digits.append(UInt8(ascii: "0") + UInt8(remainder))
        } while parts.contains { $0 != 0 }
        return String(decoding: digits.reversed(), as: UTF8.self)
    }

    private static func notation(digits: String, exponent: Int) -> String {
        let scientific = digits.count - 1 + exponent
        if scientific >= 34 || scientific <= -7 || exponent > 0 {
            let mantissa = digits.count == 1 ? digits : "\(digits.prefix(1)).\(digits.dropFirst())"
            return "\(mantissa)E\(scientific > 0 ? "+" : "")\(scientific)"
        }
        if exponent == 0 { return digits }
        let point = digits.count + exponent
        if point > 0 { return "\(digits.prefix(point)).\(digits.dropFirst(point))" }
        return "0." + String(repeating: "0", count: -point) + digits
    }
}
