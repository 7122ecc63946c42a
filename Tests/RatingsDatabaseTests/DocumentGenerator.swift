import SeededRandom

/// Documents of every BSON type, with the keys, numbers and bytes at which JavaScript is peculiar.
struct DocumentGenerator {
    var random: SeededGenerator

    private static let keys: [[UInt8]] =
        [
            "a", "b", "z", "", "0", "1", "2", "7", "10", "01", "-1", "1.5", "4294967294", "4294967295", "4294967296",
            "99999999999", "$id", "$ref", "$db", "toJSON", "constructor", "_bsontype", "length", "code", "é",
            "\u{2028}",
            "\"\\\n", "a.b", "rating",
        ].map { Array($0.utf8) } + [[0xff], [0xfe], [0xef, 0xbf, 0xbd], [0x61, 0xc0, 0x80], [0xe2, 0x82]]

    private static let pieces: [[UInt8]] =
        ["a", "Z", " ", "\"", "\\", "/", "\u{7f}", "é", "€", "\u{1f600}", "\u{2029}", "\u{feff}", "$", "."].map {
            Array($0.utf8)
        }
        + [
            [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xf8, 0x88, 0x80], [0x80],
            [0xe0],
        ]

    /// A document with one field `rating`, sometimes with none, two, others beside, or a `$id`.
    mutating func document() -> [UInt8] {
        var fields: [UInt8] = []
        let names = [["rating"], ["rating"], ["x", "rating", "y"], ["rating", "rating"], ["rating", "$id"], ["x"]]
        for name in names[pick(0...(chance(4) ? 5 : 1))] { fields += element(Array(name.utf8), depth: 0) }
        return .document(fields)
    }

    /// A document with bytes changed, taken out or put in, or with a length that is wrong.
    mutating func damaged() -> [UInt8] {
        var bytes = document()
        for _ in 0..<pick(1...3) where bytes.count > 5 {
            let index = pick(0...(bytes.count - 1))
            switch pick(0...4) {
            case 0: bytes[index] = byte()
            case 1: bytes[index] = [0, 1, 2, 4, 5, 0x0c, 0x0f, 0x7f, 0x80, 0xff][pick(0...9)]
            case 2: bytes[index] &+= 1
            case 3: bytes.remove(at: index)
            default: bytes.insert(byte(), at: index)
            }
        }
        if !chance(3), bytes.count >= 4 { bytes.replaceSubrange(0..<4, with: [UInt8].little(Int32(bytes.count))) }
        return bytes
    }

    private mutating func element(_ key: [UInt8], depth: Int) -> [UInt8] {
        let (type, value) = value(depth: depth)
        return .element(type, key, value)
    }

    private mutating func value(depth: Int) -> (UInt8, [UInt8]) {
        switch pick(0...(depth < 6 ? 25 : 18)) {
        case 0, 1: (0x01, .little(double().bitPattern))
        case 2, 3: (0x02, string())
        case 4: (0x05, binary())
        case 5: (0x06, [])
        case 6: (0x07, (0..<12).map { _ in byte() })
        case 7: (0x08, [chance(2) ? 1 : 0])
        case 8: (0x09, .little(date()))
        case 9: (0x0a, [])
        case 10: (0x0b, Array(["a\0\0", "^[a-z]*$\0im\0", "é\\d\0s\0", "(?:)\0xlu\0"][pick(0...3)].utf8))
        case 11: (0x0c, string() + (0..<12).map { _ in byte() })
        case 12: (chance(2) ? 0x0d : 0x0e, string())
        case 13: (0x10, .little(chance(2) ? Int32(pick(-9...9)) : Int32.random(in: .min ... .max, using: &random)))
        case 14: (0x11, .little(random.next()))
        case 15, 16: (0x12, .little(integer()))
        case 17: (0x13, decimal())
        case 18: (chance(2) ? 0x7f : 0xff, [])
        case 19...22: (0x03, object(depth: depth + 1))
        case 23, 24: (0x04, object(depth: depth + 1))
        default: (0x0f, code(depth: depth + 1))
        }
    }

    private mutating func object(depth: Int) -> [UInt8] {
        var elements: [UInt8] = []
        for _ in 0..<pick(0...(chance(10) ? 20 : 5)) {
            elements += element(Self.keys[pick(0...(Self.keys.count - 1))], depth: depth)
        }
        return .document(elements)
    }

    private mutating func code(depth: Int) -> [UInt8] {
        let content = string() + object(depth: depth)
        return .little(Int32(content.count + 4)) + content
    }

    private mutating func string() -> [UInt8] {
        var text: [UInt8] = []
        for _ in 0..<pick(0...8) {
            text += chance(6) ? [UInt8(pick(1...31))] : Self.pieces[pick(0...(Self.pieces.count - 1))]
        }
        return .little(Int32(text.count + 1)) + text + [0]
    }

    private mutating func binary() -> [UInt8] {
        let bytes = (0..<pick(0...10)).map { _ in byte() }
        guard chance(4) else { return .little(Int32(bytes.count)) + [UInt8(pick(3...255))] + bytes }
        let inner = Int32(bytes.count) + (chance(8) ? Int32(pick(-1...1)) : 0)
        return .little(Int32(bytes.count + 4)) + [2] + .little(inner) + bytes
    }

    private mutating func double() -> Double {
        switch pick(0...3) {
        case 0: Double(bitPattern: random.next())
        case 1: Double(pick(-1000...1000)) / [1, 8, 10, 1e3, 1e7, 1e9, 1e-18, 1e-21][pick(0...7)]
        case 2:
            [0, -0.0, .nan, .infinity, 1e21, 1e-6, 1e-7, .leastNonzeroMagnitude, 1e20, 123_456_789_012_345_680][
                pick(0...9)]
        default: Double(integer())
        }
    }

    private mutating func integer() -> Int64 {
        switch pick(0...2) {
        case 0: Int64(bitPattern: random.next())
        case 1: (chance(2) ? -1 : 1) * ((1 << 53) + Int64(pick(-2...2)))
        default: Int64(pick(-9...9))
        }
    }

    private mutating func date() -> Int64 {
        switch pick(0...3) {
        case 0: Int64.random(in: -9_000_000_000_000_000...9_000_000_000_000_000, using: &random)
        case 1: (chance(2) ? -1 : 1) * (8_640_000_000_000_000 + Int64(pick(-2...2)))
        case 2: Int64.random(in: -70_000_000_000_000...300_000_000_000_000, using: &random)
        default: [Int64.min, .max, -1, 0, -62_167_219_200_000, -62_167_219_200_001, 253_402_300_800_000][pick(0...6)]
        }
    }

    /// With any bits, or with few digits and a small exponent.
    private mutating func decimal() -> [UInt8] {
        if chance(2) { return .little(random.next()) + .little(random.next()) }
        let low = UInt64(pick(0...99999)) << UInt64(pick(0...40))
        let high =
            UInt64(6176 + pick(-40...10)) << 49 | (chance(2) ? 1 << 63 : 0) | (chance(3) ? UInt64(pick(0...999)) : 0)
        return .little(low) + .little(high)
    }

    private mutating func byte() -> UInt8 { UInt8(pick(0...255)) }

    private mutating func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    private mutating func chance(_ count: Int) -> Bool { pick(1...count) == 1 }
}
