/// Reads BSON (<https://bsonspec.org/spec.html>) where it lies, and believes no length: whatever would lead out of the
/// document is a ``BSONFault``.
///
/// It borrows the bytes, so it must not outlive them.
struct BSONReader {
    private let bytes: UnsafeRawBufferPointer

    var count: Int { bytes.count }

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// Where the elements of the whole document stand, and the NUL behind them.
    func root() throws(BSONFault) -> Range<Int> {
        let end = try documentEnd(at: 0, before: bytes.count)
        guard end == bytes.count else { throw .damaged(at: 0) }
        return 4..<end
    }

    /// The element at `offset`; `nil` at the end of its document.
    ///
    /// - Parameter end: the end of its document.
    /// - Throws: where the element is damaged, or js-bson refuses it by itself; what is nested in it is not looked at.
    func element(at offset: Int, before end: Int) throws(BSONFault) -> BSONElement? {
        let byte = try self.bytes(at: offset, count: 1, before: end)[0]
        if byte == 0 {
            guard offset == end - 1 else { throw .damaged(at: offset) }
            return nil
        }
        guard let type = BSONType(rawValue: byte) else { throw .damaged(at: offset) }
        let keyEnd = try cStringEnd(at: offset + 1, before: end)
        let valueEnd = try valueEnd(type, at: keyEnd + 1, before: end)
        return BSONElement(type: type, key: (offset + 1)..<keyEnd, value: (keyEnd + 1)..<valueEnd)
    }

    /// The key of an element that ``element(at:before:)`` has read before.
    func key(at offset: Int) throws(BSONFault) -> UnsafeRawBufferPointer {
        let end = try cStringEnd(at: offset + 1, before: bytes.count)
        return try self[(offset + 1)..<end]
    }

    /// The type of such an element.
    func type(at offset: Int) throws(BSONFault) -> BSONType {
        guard let type = BSONType(rawValue: try self[offset..<(offset + 1)][0]) else { throw .damaged(at: offset) }
        return type
    }

    subscript(range: Range<Int>) -> UnsafeRawBufferPointer {
        get throws(BSONFault) { try bytes(at: range.lowerBound, count: range.count, before: bytes.count) }
    }

    /// A number in little-endian order.
    func integer<Value: FixedWidthInteger>(_: Value.Type, at offset: Int) throws(BSONFault) -> Value {
        let size = Value.bitWidth / 8
        let raw = try bytes(at: offset, count: size, before: bytes.count)
        return Value(littleEndian: raw.loadUnaligned(as: Value.self))
    }

    /// The text of a string (`int32 length, bytes, NUL`), without the NUL.
    func text(at offset: Int) throws(BSONFault) -> Range<Int> {
        (offset + 4)..<(try stringEnd(at: offset, before: bytes.count) - 1)
    }

    /// The end of a string that begins at `offset`.
    func stringEnd(at offset: Int, before end: Int) throws(BSONFault) -> Int {
        let count = Int(try integer(Int32.self, at: offset))
        guard count >= 1 else { throw .damaged(at: offset) }
        let text = try bytes(at: offset + 4, count: count, before: end)
        guard text[count - 1] == 0 else { throw .damaged(at: offset) }
        return offset + 4 + count
    }

    /// The end of a NUL-terminated string: where its NUL stands.
    func cStringEnd(at offset: Int, before end: Int) throws(BSONFault) -> Int {
        guard offset <= end else { throw .damaged(at: offset) }
        let rest = try bytes(at: offset, count: end - offset, before: end)
        guard let count = rest.firstIndex(of: 0) else { throw .damaged(at: offset) }
        return offset + count
    }

    private func documentEnd(at offset: Int, before end: Int) throws(BSONFault) -> Int {
        let count = Int(try integer(Int32.self, at: offset))
        guard count >= 5 else { throw .damaged(at: offset) }
        let document = try bytes(at: offset, count: count, before: end)
        guard document[count - 1] == 0 else { throw .damaged(at: offset) }
        return offset + count
    }

    private func valueEnd(_ type: BSONType, at offset: Int, before end: Int) throws(BSONFault) -> Int {
        switch type {
        case .undefined, .null, .minKey, .maxKey: return offset
        case .bool:
            guard try bytes(at: offset, count: 1, before: end)[0] <= 1 else { throw .damaged(at: offset) }
            return offset + 1
        case .int32: return try self.end(of: 4, at: offset, before: end)
        case .double, .date, .timestamp, .int64: return try self.end(of: 8, at: offset, before: end)
        case .objectID: return try self.end(of: 12, at: offset, before: end)
        case .decimal128: return try self.end(of: 16, at: offset, before: end)
        case .string, .code, .symbol: return try stringEnd(at: offset, before: end)
        case .object, .array: return try documentEnd(at: offset, before: end)
        case .binary: return try binaryEnd(at: offset, before: end)
        case .regularExpression:
            let pattern = try cStringEnd(at: offset, before: end)
            return try cStringEnd(at: pattern + 1, before: end) + 1
        case .dbPointer:
            return try self.end(of: 12, at: stringEnd(at: offset, before: end), before: end)
        case .codeWithScope:
            let count = Int(try integer(Int32.self, at: offset))
            let scopeEnd = try documentEnd(at: stringEnd(at: offset + 4, before: end), before: end)
            guard offset + count == scopeEnd else { throw .damaged(at: offset) }
            return scopeEnd
        }
    }

    /// `int32 length, subtype, bytes`. The old subtype 2 has its length once more within, and js-bson wants it right.
    private func binaryEnd(at offset: Int, before end: Int) throws(BSONFault) -> Int {
        let count = Int(try integer(Int32.self, at: offset))
        guard count >= 0 else { throw .damaged(at: offset) }
        let bytes = try self.bytes(at: offset + 4, count: 1 + count, before: end)
        if bytes[0] == 2 {
            guard count >= 4, Int(try integer(Int32.self, at: offset + 5)) == count - 4 else {
                throw .damaged(at: offset)
            }
        }
        return offset + 5 + count
    }

    private func end(of count: Int, at offset: Int, before end: Int) throws(BSONFault) -> Int {
        _ = try bytes(at: offset, count: count, before: end)
        return offset + count
    }

    /// The one place where bytes are taken. Lengths are 32 bits wide at most, so the sums here cannot overflow.
    private func bytes(at offset: Int, count: Int, before end: Int) throws(BSONFault) -> UnsafeRawBufferPointer {
        guard offset >= 0, count >= 0, end <= bytes.count, count <= end, offset <= end - count else {
            throw .damaged(at: offset)
        }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + count)])
    }
}
