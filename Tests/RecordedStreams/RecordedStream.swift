import Foundation

/// A byte stream that was sent to the original ratings v2 (Node 20.20.2), and what this service is to answer to it: what the
/// original did, less the answers that it loses. `streams.jsonl` holds them, one in a line; one character is one byte.
public struct RecordedStream: Decodable, Sendable {
    public let id: String
    /// In the order of their sending.
    public let segments: [[UInt8]]
    /// Between the segments, and before the client closes its side.
    public let pause: Duration
    /// Whether the client closes its side at the end.
    public let halfCloses: Bool
    public let answers: [ExpectedAnswer]
    /// Whether the connection may be closed at the end, and whether it may be open.
    public let mayBeClosed: Bool
    public let mayBeOpen: Bool

    /// All of them.
    ///
    /// - Throws: where the file cannot be read.
    public static func all() throws -> [RecordedStream] {
        let file = Bundle.module.bundleURL.appendingPathComponent("streams.jsonl")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        return try lines.map { try JSONDecoder().decode(RecordedStream.self, from: Data($0.utf8)) }
    }

    private enum Key: String, CodingKey {
        case id, send, pause, halfClose, answers, end
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        id = try values.decode(String.self, forKey: .id)
        segments = try values.decode([Segment].self, forKey: .send).map(\.bytes)
        pause = .milliseconds(try values.decodeIfPresent(Int.self, forKey: .pause) ?? 0)
        halfCloses = try values.decodeIfPresent(Bool.self, forKey: .halfClose) ?? false
        answers = try values.decode([String].self, forKey: .answers).map(ExpectedAnswer.init)
        let ends = try values.decode([String].self, forKey: .end)
        mayBeClosed = ends.contains("fin")
        mayBeOpen = ends.contains("open")
    }
}

/// A text, or pieces of one: a text again, or a number and what stands there so many times.
private struct Segment: Decodable {
    let bytes: [UInt8]

    init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            bytes = text.latin1
            return
        }
        var pieces = try decoder.unkeyedContainer()
        var bytes: [UInt8] = []
        while !pieces.isAtEnd {
            if let text = try? pieces.decode(String.self) {
                bytes += text.latin1
            } else {
                var repeated = try pieces.nestedUnkeyedContainer()
                let count = try repeated.decode(Int.self)
                bytes += Array(repeatElement(try repeated.decode(String.self).latin1, count: count).joined())
            }
        }
        self.bytes = bytes
    }
}

extension String {
    fileprivate var latin1: [UInt8] { unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }
}
