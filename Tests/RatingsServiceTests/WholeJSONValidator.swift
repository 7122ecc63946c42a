@testable import RatingsService

/// Tells whether a text is JSON, by another parser than the service's: it sees the whole at once.
struct WholeJSONValidator {
    private enum Container { case array, object }

    private var rest: Span
    private var open: [Container] = []

    private typealias Span = ArraySlice<UInt8>

    static func isValid(_ body: [UInt8]) -> Bool {
        var validator = WholeJSONValidator(rest: body[...])
        return validator.readText()
    }

    private init(rest: Span) {
        self.rest = rest
    }

    /// A value, and nothing but white space around it.
    private mutating func readText() -> Bool {
        repeat {
            guard readValueStart() else { return false }
        } while readSeparator()
        skipWhiteSpace()
        return open.isEmpty && rest.isEmpty
    }

    /// Reads up to the end of a scalar or of an empty container, opening as many containers as stand before it.
    private mutating func readValueStart() -> Bool {
        while true {
            skipWhiteSpace()
            switch rest.first {
            case UInt8(ascii: "["):
                rest.removeFirst()
                skipWhiteSpace()
                if readByte("]") { return true }
                open.append(.array)
            case UInt8(ascii: "{"):
                rest.removeFirst()
                skipWhiteSpace()
                if readByte("}") { return true }
                open.append(.object)
                guard readName() else { return false }
            case UInt8(ascii: "\""): return readString()
            case UInt8(ascii: "t"): return readWord("true")
            case UInt8(ascii: "f"): return readWord("false")
            case UInt8(ascii: "n"): return readWord("null")
            default: return readNumber()
            }
        }
    }

    /// Closes what ends here. True where a comma promises another value.
    private mutating func readSeparator() -> Bool {
        while let container = open.last {
            skipWhiteSpace()
            if readByte(",") {
                guard container == .object else { return true }
                skipWhiteSpace()
                return readName()
            }
            guard readByte(container == .array ? "]" : "}") else { return false }
            open.removeLast()
        }
        return false
    }

    private mutating func readName() -> Bool {
        guard readString() else { return false }
        skipWhiteSpace()
        return readByte(":")
    }

    private mutating func readString() -> Bool {
        guard readByte("\"") else { return false }
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return true
            case UInt8(ascii: "\\"): guard readEscape() else { return false }
            case 0..<0x20: return false
            default: continue
            }
        }
        return false
    }

    private mutating func readEscape() -> Bool {
        guard let byte = rest.popFirst() else { return false }
        guard byte == UInt8(ascii: "u") else { return #""\/bfnrt"#.utf8.contains(byte) }
        guard rest.count >= 4, rest.prefix(4).allSatisfy(\.isHexadecimalDigit) else { return false }
        rest.removeFirst(4)
        return true
    }

    private mutating func readNumber() -> Bool {
        _ = readByte("-")
        if !readByte("0") {
            guard readDigits() else { return false }
        }
        if readByte(".") {
            guard readDigits() else { return false }
        }
        if readByte("e") || readByte("E") {
            _ = readByte("+") || readByte("-")
            guard readDigits() else { return false }
        }
        return true
    }

    private mutating func readDigits() -> Bool {
        let digits = rest.prefix(while: \.isDecimalDigit)
        rest = rest.dropFirst(digits.count)
        return !digits.isEmpty
    }

    private mutating func readWord(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard rest.prefix(count).elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: count)) else {
            return false
        }
        rest.removeFirst(count)
        return true
    }

    private mutating func readByte(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func skipWhiteSpace() {
        rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0a || $0 == 0x0d }
    }
}
