/// Reads the line before a chunk's data: its size, and extensions, which mean nothing here (RFC 9112, section 7.1).
struct ChunkSizeParser: Sendable {
    private enum State: Sendable {
        case firstDigit, digits, extensionStart, extensionName, extensionValue, quoted, escaped, afterQuoted, lineFeed
    }

    /// The most that names and values of a chunk's extensions may be together, in bytes.
    private static let extensionLimit = 16 << 10

    private(set) var size: UInt64 = 0
    private var state = State.firstDigit
    private var extensionBytes = 0

    mutating func read(_ bytes: UnsafeRawBufferPointer, at position: inout Int) -> Progress {
        while position < bytes.count {
            let byte = bytes[position]
            position &+= 1
            guard accepts(byte) else { return .refused(.badRequest) }
            if extensionBytes > Self.extensionLimit { return .refused(.contentTooLarge) }
            if state == .lineFeed, byte == .lineFeed { return .done }
        }
        return .needsMore
    }

    /// - Returns: whether the line can go on like this.
    private mutating func accepts(_ byte: UInt8) -> Bool {
        switch state {
        case .firstDigit, .digits: return acceptsInSize(byte)
        case .extensionStart: return byte != .carriageReturn && acceptsInName(byte)
        case .extensionName: return acceptsInName(byte)
        case .extensionValue:
            if byte == .quote {
                state = .quoted
            } else if !byte.isTokenByte {
                return acceptsAfterExtension(byte)
            }
        case .quoted:
            if byte == .quote {
                state = .afterQuoted
            } else if byte == .backslash {
                state = .escaped
            } else if !byte.isFieldValueByte {
                return false
            }
        case .escaped:
            guard byte.isFieldValueByte else { return false }
            state = .quoted
        case .afterQuoted: return acceptsAfterExtension(byte)
        case .lineFeed: return byte == .lineFeed
        }
        extensionBytes &+= 1
        return true
    }

    private mutating func acceptsInSize(_ byte: UInt8) -> Bool {
        if let digit = byte.hexadecimalValue {
            state = .digits
            guard size >> 60 == 0 else { return false }
            size = size &<< 4 | UInt64(digit)
            return true
        }
        return state == .digits && acceptsAfterExtension(byte)
    }

    private mutating func acceptsInName(_ byte: UInt8) -> Bool {
        if byte == .equals {
            state = .extensionValue
            return true
        }
        guard byte.isTokenByte else { return acceptsAfterExtension(byte) }
        state = .extensionName
        extensionBytes &+= 1
        return true
    }

    private mutating func acceptsAfterExtension(_ byte: UInt8) -> Bool {
        switch byte {
        case .semicolon: state = .extensionStart
        case .carriageReturn: state = .lineFeed
        default: return false
        }
        return true
    }
}
