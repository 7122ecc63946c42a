/// Tells whether a body is JSON, as `JSON.parse` would (RFC 8259), while the body streams in; but for one that is nested more
/// than 4,096 levels deep, which counts as none.
///
/// Nothing of the body is kept: its state is a place in the grammar, and a bit for each array or object that is open. There
/// is no recursion, so no body can overflow a stack.
struct JSONValidator {
    private enum State {
        /// Before a value.
        case value
        /// Behind `[`: a value, or its end.
        case firstElement
        /// Behind `{`: a name, or its end.
        case firstName
        /// Behind a comma in an object.
        case name
        case colon
        /// Behind a value.
        case afterValue
        case string(isName: Bool)
        case escape(isName: Bool)
        case hexadecimal(isName: Bool, digitsLeft: Int)
        /// Within `true`, `false` or `null`.
        case word(StaticString, Int)
        case minus, zero, integer, point, fraction, exponentMark, exponentSign, exponent
        case invalid
    }

    private var state = State.value
    private var open = NestedContainers()

    /// A further part of the body.
    mutating func read(_ bytes: UnsafeRawBufferPointer) {
        var position = 0
        while position < bytes.count {
            if case .string = state { position = skipPlainCharacters(in: bytes, from: position) }
            guard position < bytes.count else { return }
            read(bytes[position])
            position &+= 1
        }
    }

    /// Whether the body, which is complete now, is JSON.
    mutating func finish() -> Bool {
        // A number ends where the body does.
        read(UInt8(ascii: " "))
        if case .afterValue = state { return open.isEmpty }
        return false
    }

    private func skipPlainCharacters(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var position = start
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
            position &+= 1
        }
        return position
    }

    private mutating func read(_ byte: UInt8) {
        switch state {
        case .value, .firstElement, .firstName, .name, .colon, .afterValue: readBetweenTokens(byte)
        case .string, .escape, .hexadecimal: readInString(byte)
        case .word(let word, let index):
            if byte != word.utf8Start[index] {
                state = .invalid
            } else {
                state = index &+ 1 == word.utf8CodeUnitCount ? .afterValue : .word(word, index &+ 1)
            }
        case .minus, .zero, .integer, .point, .fraction, .exponentMark, .exponentSign, .exponent: readInNumber(byte)
        case .invalid: break
        }
    }

    private mutating func readBetweenTokens(_ byte: UInt8) {
        if byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d { return }
        switch (state, byte) {
        case (.firstElement, UInt8(ascii: "]")), (.firstName, UInt8(ascii: "}")): close()
        case (.firstName, UInt8(ascii: "\"")), (.name, UInt8(ascii: "\"")): state = .string(isName: true)
        case (.colon, UInt8(ascii: ":")): state = .value
        case (.value, _), (.firstElement, _): beginValue(byte)
        case (.afterValue, UInt8(ascii: ",")) where !open.isEmpty: state = open.isInObject ? .name : .value
        case (.afterValue, UInt8(ascii: "]")) where !open.isEmpty && !open.isInObject: close()
        case (.afterValue, UInt8(ascii: "}")) where open.isInObject: close()
        default: state = .invalid
        }
    }

    private mutating func beginValue(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "["):
            state = open.push(isObject: false) ? .firstElement : .invalid
        case UInt8(ascii: "{"):
            state = open.push(isObject: true) ? .firstName : .invalid
        case UInt8(ascii: "\""): state = .string(isName: false)
        case UInt8(ascii: "t"): state = .word("true", 1)
        case UInt8(ascii: "f"): state = .word("false", 1)
        case UInt8(ascii: "n"): state = .word("null", 1)
        case UInt8(ascii: "-"): state = .minus
        case UInt8(ascii: "0"): state = .zero
        case UInt8(ascii: "1")...UInt8(ascii: "9"): state = .integer
        default: state = .invalid
        }
    }

    private mutating func close() {
        open.pop()
        state = .afterValue
    }

    private mutating func readInString(_ byte: UInt8) {
        switch state {
        case .string(let isName):
            if byte == UInt8(ascii: "\"") {
                state = isName ? .colon : .afterValue
            } else if byte == UInt8(ascii: "\\") {
                state = .escape(isName: isName)
            } else if byte < 0x20 {
                state = .invalid
            }
        case .escape(let isName):
            if byte == UInt8(ascii: "u") {
                state = .hexadecimal(isName: isName, digitsLeft: 4)
            } else {
                state = #""\/bfnrt"#.utf8.contains(byte) ? .string(isName: isName) : .invalid
            }
        case .hexadecimal(let isName, let digitsLeft):
            if !byte.isHexadecimalDigit {
                state = .invalid
            } else {
                state =
                    digitsLeft == 1
                    ? .string(isName: isName) : .hexadecimal(isName: isName, digitsLeft: digitsLeft &- 1)
            }
        default: state = .invalid
        }
    }

    private mutating func readInNumber(_ byte: UInt8) {
        let isDigit = byte.isDecimalDigit
        switch (state, byte) {
        case (.minus, UInt8(ascii: "0")): state = .zero
        case (.minus, _) where isDigit: state = .integer
        case (.integer, _) where isDigit, (.fraction, _) where isDigit, (.exponent, _) where isDigit: break
        case (.point, _) where isDigit: state = .fraction
        case (.exponentMark, _) where isDigit, (.exponentSign, _) where isDigit: state = .exponent
        case (.zero, UInt8(ascii: ".")), (.integer, UInt8(ascii: ".")): state = .point
        case (.zero, _) where byte | 0x20 == UInt8(ascii: "e"), (.integer, _) where byte | 0x20 == UInt8(ascii: "e"),
            (.fraction, _) where byte | 0x20 == UInt8(ascii: "e"):
            state = .exponentMark
        case (.exponentMark, UInt8(ascii: "+")), (.exponentMark, UInt8(ascii: "-")): state = .exponentSign
        case (.zero, _), (.integer, _), (.fraction, _), (.exponent, _):
            // The number ends before this byte.
            state = .afterValue
            readBetweenTokens(byte)
        default: state = .invalid
        }
    }
}
