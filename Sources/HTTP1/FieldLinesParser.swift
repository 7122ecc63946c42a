/// Reads field lines up to the empty one behind them (RFC 9112, section 5): those of a head, or trailers.
struct FieldLinesParser: Sendable {
    private enum State: Sendable {
        case lineStart, name, spacesBeforeValue, value, lineFeed, lastLineFeed
    }

    /// Node looks at no more lines than this for what only its own code reads; its parser reads the others' framing still.
    private static let linesWithMeaning = 1000

    private let keepsRequestID: Bool
    private var state = State.lineStart
    private var name = WordMatcher()
    private var field: FieldMeanings.Field?
    private var lines = 0

    init(keepsRequestID: Bool) {
        self.keepsRequestID = keepsRequestID
    }

    /// - Parameters:
    ///   - meanings: gets what the fields say.
    ///   - size: grows by names and values.
    mutating func read(
        _ bytes: UnsafeRawBufferPointer, at position: inout Int, into meanings: inout FieldMeanings,
        _ size: inout FieldSize
    ) -> Progress {
        while position < bytes.count {
            let byte = bytes[position]
            switch state {
            case .lineStart:
                if byte == .carriageReturn {
                    state = .lastLineFeed
                    position &+= 1
                } else if byte.isTokenByte {
                    name.reset()
                    state = .name
                } else {
                    return .refused(.badRequest)
                }
            case .name:
                if let refusal = readName(bytes, at: &position, &meanings, &size) { return .refused(refusal) }
            case .spacesBeforeValue:
                if byte == .space || byte == .tab {
                    position &+= 1
                } else {
                    state = .value
                }
            case .value:
                if let refusal = readValue(bytes, at: &position, &meanings, &size) { return .refused(refusal) }
            case .lineFeed:
                guard byte == .lineFeed else { return .refused(.badRequest) }
                state = .lineStart
                position &+= 1
            case .lastLineFeed:
                guard byte == .lineFeed else { return .refused(.badRequest) }
                position &+= 1
                return .done
            }
        }
        return .needsMore
    }

    private mutating func readName(
        _ bytes: UnsafeRawBufferPointer, at position: inout Int, _ meanings: inout FieldMeanings,
        _ size: inout FieldSize
    ) -> Refusal? {
        let start = position
        // Most names are of no interest after a byte or two.
        position = bytes.end(ofRunFrom: start) { byte in
            guard name.isPossible, byte.isTokenByte else { return false }
            name.read(byte.lowercased, of: FieldMeanings.names)
            return true
        }
        position = bytes.end(ofRunFrom: position, \.isTokenByte)
        size.add(position &- start)
        if position < bytes.count {
            guard bytes[position] == .colon else { return .badRequest }
            position &+= 1
            guard beginValue(&meanings) else { return .badRequest }
        }
        return size.isTooLarge ? .headerFieldsTooLarge : nil
    }

    private mutating func beginValue(_ meanings: inout FieldMeanings) -> Bool {
        state = .spacesBeforeValue
        lines &+= 1
        field = name.match(of: FieldMeanings.names).flatMap(FieldMeanings.Field.init)
        switch field {
        case .host where lines > Self.linesWithMeaning, .expect where lines > Self.linesWithMeaning: field = nil
        case .requestID where !keepsRequestID: field = nil
        default: break
        }
        return field.map { meanings.begin($0) } ?? true
    }

    private mutating func readValue(
        _ bytes: UnsafeRawBufferPointer, at position: inout Int, _ meanings: inout FieldMeanings,
        _ size: inout FieldSize
    ) -> Refusal? {
        let start = position
        position = bytes.end(ofRunFrom: start, \.isFieldValueByte)
        size.add(position &- start)
        if size.isTooLarge { return .headerFieldsTooLarge }
        if let field {
            for byte in bytes[start..<position] where !meanings.read(byte, of: field) { return .badRequest }
        }
        guard position < bytes.count else { return nil }
        guard bytes[position] == .carriageReturn, field.map({ meanings.end($0) }) ?? true else { return .badRequest }
        position &+= 1
        state = .lineFeed
        return nil
    }
}
