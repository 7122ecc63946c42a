/// Reads a request's body: so many bytes, or chunks and their trailers (RFC 9112, sections 6 and 7).
struct BodyParser: Sendable {
    enum Step {
        case needsMore
        /// Where a part of the content stands in the bytes.
        case content(Range<Int>)
        case done
        case refused(Refusal)
    }

    private enum State: Sendable {
        case size(ChunkSizeParser)
        case content
        case chunkCarriageReturn, chunkLineFeed
        case trailers(FieldLinesParser)
    }

    private let isChunked: Bool
    private var state: State
    private var remaining: UInt64
    private var trailers = FieldMeanings(areTrailers: true)
    private var trailerSize = FieldSize()

    init(length: UInt64) {
        isChunked = false
        state = .content
        remaining = length
    }

    /// A body in chunks.
    init() {
        isChunked = true
        state = .size(ChunkSizeParser())
        remaining = 0
    }

    mutating func read(_ bytes: UnsafeRawBufferPointer, at position: inout Int) -> Step {
        while position < bytes.count {
            switch state {
            case .size(var parser):
                let progress = parser.read(bytes, at: &position)
                guard case .done = progress else {
                    state = .size(parser)
                    return step(progress)
                }
                remaining = parser.size
                state = parser.size > 0 ? .content : .trailers(FieldLinesParser(keepsRequestID: false))
            case .content:
                let start = position
                position = start &+ Int(min(remaining, UInt64(bytes.count &- start)))
                remaining &-= UInt64(position &- start)
                if remaining == 0 { state = .chunkCarriageReturn }
                return .content(start..<position)
            case .chunkCarriageReturn:
                guard bytes[position] == .carriageReturn else { return .refused(.badRequest) }
                position &+= 1
                state = .chunkLineFeed
            case .chunkLineFeed:
                guard bytes[position] == .lineFeed else { return .refused(.badRequest) }
                position &+= 1
                state = .size(ChunkSizeParser())
            case .trailers(var parser):
                let progress = parser.read(bytes, at: &position, into: &trailers, &trailerSize)
                state = .trailers(parser)
                return step(progress)
            }
        }
        return .needsMore
    }

    /// Whether nothing more of the body is to come.
    var isComplete: Bool { !isChunked && remaining == 0 }

    /// Whether the trailers say `Connection: close`.
    var trailersClose: Bool { trailers.connection.hasClose }

    private func step(_ progress: Progress) -> Step {
        switch progress {
        case .needsMore: .needsMore
        case .done: .done
        case .refused(let refusal): .refused(refusal)
        }
    }
}
