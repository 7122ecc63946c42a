/// The elements of a document as the properties of a JavaScript object, in the order in which they are enumerated: keys that
/// are array indices first, ascending, then the others in the order of their first appearance; each with its last value
/// (ECMA-262, OrdinaryOwnPropertyKeys, <https://tc39.es/ecma262/#sec-ordinaryownpropertykeys>).
///
/// Keys that differ in bytes and decode alike are one key. `__proto__` is left out: in the original it sets the prototype.
struct ObjectKeys {
    private let reader: BSONReader
    private let limit: Int

    /// - Parameter limit: the most entries of a list.
    init(_ reader: BSONReader, limit: Int) {
        self.reader = reader
        self.limit = limit
    }

    /// Appends where the elements stand that are to be written.
    ///
    /// - Parameter document: where the elements stand.
    /// - Throws: ``BSONFault/tooManyKeys(limit:)``, or ``BSONFault/damaged(at:)``.
    func append(of document: Range<Int>, to list: inout [UInt32]) throws(BSONFault) {
        let first = list.count
        var offset = document.lowerBound
        while let element = try reader.element(at: offset, before: document.upperBound) {
            if try !reader[element.key].elementsEqual("__proto__".utf8) {
                guard list.count < limit else { throw .tooManyKeys(limit: limit) }
                list.append(UInt32(offset))
            }
            offset = element.end
        }
        try uniteEqualKeys(of: &list, from: first)
        var wanted = first
        for offset in list[first...] where try reader.type(at: Int(offset)) != .undefined {
            list[wanted] = offset
            wanted += 1
        }
        list.removeSubrange(wanted...)
        try moveIndicesAhead(in: &list, from: first)
    }

    /// The first of them keeps its place, the last one its value.
    private func uniteEqualKeys(of list: inout [UInt32], from first: Int) throws(BSONFault) {
        guard list.count - first > 1 else { return }
        // A hash table of places in the list, plus one; half of it stays empty. Its hashes are seeded by the process, so that
        // nobody can choose keys that collide.
        let mask = (1 << (Int.bitWidth - (2 * (list.count - first) - 1).leadingZeroBitCount)) - 1
        var table = [UInt32](repeating: 0, count: mask + 1)
        var end = first
        next: for place in first..<list.count {
            let offset = list[place]
            let key = DecodedKey(try reader.key(at: Int(offset)))
            var slot = key.hashValue & mask
            while table[slot] != 0 {
                let earlier = Int(table[slot]) - 1
                if DecodedKey(try reader.key(at: Int(list[earlier]))) == key {
                    list[earlier] = offset
                    continue next
                }
                slot = (slot + 1) & mask
            }
            table[slot] = UInt32(end + 1)
            list[end] = offset
            end += 1
        }
        list.removeSubrange(end...)
    }

    private func moveIndicesAhead(in list: inout [UInt32], from first: Int) throws(BSONFault) {
        var indices: [(index: UInt32, offset: UInt32)] = []
        var others: [UInt32] = []
        for place in first..<list.count {
            if let index = Self.arrayIndex(try reader.key(at: Int(list[place]))) {
                if indices.isEmpty { others = Array(list[first..<place]) }
                indices.append((index, list[place]))
            } else if !indices.isEmpty {
                others.append(list[place])
            }
        }
        guard !indices.isEmpty else { return }
        indices.sort { $0.index < $1.index }
        list.removeSubrange(first...)
        list += indices.map(\.offset)
        list += others
    }

    /// The number that a key stands for, where it is an array index: 0 to 2^32 - 2 in canonical decimal digits
    /// (<https://tc39.es/ecma262/#array-index>).
    static func arrayIndex(_ key: UnsafeRawBufferPointer) -> UInt32? {
        guard (1...10).contains(key.count), key.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            key.count == 1 || key[0] != UInt8(ascii: "0")
        else { return nil }
        let number = key.reduce(0) { $0 * 10 + UInt64($1 - UInt8(ascii: "0")) }
        return number < UInt32.max ? UInt32(number) : nil
    }
}

/// A key as JavaScript sees it.
private struct DecodedKey: Hashable {
    private let bytes: UnsafeRawBufferPointer
    /// Where the bytes alone do not tell.
    private let repaired: [UInt8]?

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        repaired = bytes.allSatisfy { $0 < 0x80 } ? nil : UTF8Sequence.repaired(bytes)
    }

    static func == (left: DecodedKey, right: DecodedKey) -> Bool {
        switch (left.repaired, right.repaired) {
        case (nil, nil): left.bytes.elementsEqual(right.bytes)
        case (let left?, let right?): left == right
        default: false
        }
    }

    func hash(into hasher: inout Hasher) {
        if let repaired {
            repaired.withUnsafeBytes { hasher.combine(bytes: $0) }
        } else {
            hasher.combine(bytes: bytes)
        }
    }
}
