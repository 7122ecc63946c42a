/// Reads a request line (RFC 9112, section 3). What cannot be the beginning of one is refused at its first such byte.
struct RequestLineParser: Sendable {
    private enum State: Sendable {
        case method
        case spacesBeforeTarget
        /// The letters before `://`.
        case scheme
        case schemeSeparator
        case authority
        /// Path, query and fragment.
        case path
        case spacesBeforeVersion
        case version
        case lineFeed
    }

    private static let methods = WordMatcher.Words(HTTPMethod.all.map(\.name))
    private static let separator = WordMatcher.Words(["://"])
    private static let versions = WordMatcher.Words(["HTTP/1.0", "HTTP/1.1", "RTSP/1.0", "RTSP/1.1"])

    private var state = State.method
    private var word = WordMatcher()
    private var lastByteIsAt = false

    /// - Parameters:
    ///   - head: gets method, target and version.
    ///   - size: grows by the target.
    mutating func read(
        _ bytes: UnsafeRawBufferPointer, at position: inout Int, into head: inout RequestHead, _ size: inout FieldSize
    ) -> Progress {
        while position < bytes.count {
            let byte = bytes[position]
            switch state {
            case .method:
                guard readMethod(byte, &head) else { return .refused(.badRequest) }
                position &+= 1
            case .spacesBeforeTarget:
                if byte == .space {
                    position &+= 1
                } else if !beginTarget(with: byte, head.method) {
                    return .refused(.badRequest)
                }
            case .scheme, .schemeSeparator, .authority, .path:
                let start = position
                position = endOfTargetPart(in: bytes, from: start)
                head.target.append(contentsOf: bytes[start..<position])
                size.add(position &- start)
                if position < bytes.count, !leaveTargetPart(at: bytes[position]) { return .refused(.badRequest) }
                if size.isTooLarge { return .refused(.headerFieldsTooLarge) }
            case .spacesBeforeVersion:
                if byte == .space {
                    position &+= 1
                } else {
                    word.reset()
                    state = .version
                }
            case .version:
                guard readVersion(byte, &head) else { return .refused(.badRequest) }
                position &+= 1
            case .lineFeed:
                guard byte == .lineFeed else { return .refused(.badRequest) }
                position &+= 1
                return .done
            }
        }
        return .needsMore
    }

    private mutating func readMethod(_ byte: UInt8, _ head: inout RequestHead) -> Bool {
        if byte != .space {
            word.read(byte, of: Self.methods)
            return word.isPossible
        }
        guard let index = word.match(of: Self.methods) else { return false }
        head.method = HTTPMethod.all[index]
        state = .spacesBeforeTarget
        return true
    }

    private mutating func readVersion(_ byte: UInt8, _ head: inout RequestHead) -> Bool {
        if byte != .carriageReturn {
            word.read(byte, of: Self.versions)
            return word.isPossible
        }
        guard let index = word.match(of: Self.versions) else { return false }
        head.version = index % 2 == 0 ? .http10 : .http11
        // Node reads RTSP as it does HTTP, with other methods.
        if index >= 2, ![.get, .options, .post].contains(head.method) { return false }
        state = .lineFeed
        return true
    }

    private mutating func beginTarget(with byte: UInt8, _ method: HTTPMethod) -> Bool {
        if method == .connect {
            state = .authority
        } else if byte == .slash || byte == UInt8(ascii: "*") {
            state = .path
        } else if byte.isLetter {
            state = .scheme
        } else {
            return false
        }
        return true
    }

    /// Where the part of the target that is being read ends, or the bytes do.
    private mutating func endOfTargetPart(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        switch state {
        case .path: return bytes.end(ofRunFrom: start, \.isVisible)
        case .scheme: return bytes.end(ofRunFrom: start, \.isLetter)
        case .authority:
            return bytes.end(ofRunFrom: start) { byte in
                let isAt = byte == UInt8(ascii: "@")
                defer { lastByteIsAt = isAt }
                return byte.isAuthorityByte && !(isAt && lastByteIsAt)
            }
        default:
            return bytes.end(ofRunFrom: start) { byte in
                guard word.match(of: Self.separator) == nil else { return false }
                word.read(byte, of: Self.separator)
                return word.isPossible
            }
        }
    }

    /// - Parameter byte: the first one that is not of the part.
    /// - Returns: whether a target can go on, or end, like this.
    private mutating func leaveTargetPart(at byte: UInt8) -> Bool {
        switch state {
        case .scheme:
            guard byte == .colon else { return false }
            word.reset()
            state = .schemeSeparator
            return true
        case .schemeSeparator:
            guard word.match(of: Self.separator) != nil else { return false }
            state = .authority
            return true
        case .authority where byte == .slash || byte == UInt8(ascii: "?"):
            state = .path
            return true
        default:
            state = .spacesBeforeVersion
            return byte == .space
        }
    }
}
