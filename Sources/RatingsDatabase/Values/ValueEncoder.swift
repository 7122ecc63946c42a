import RatingsService

/// Writes a BSON value as the original does: what `JSON.stringify` makes of what js-bson 1.1 makes of it.
///
/// From the document's bytes into the JSON's, with no tree of values between, and an explicit stack in place of recursion.
/// Sources: js-bson 1.1's `deserializer.js` and the `toJSON` of its classes;
/// ECMA-262, SerializeJSONProperty (<https://tc39.es/ecma262/#sec-serializejsonproperty>).
struct ValueEncoder {
    /// What has been begun and is not yet ended.
    private enum Level {
        /// An object whose properties are those of ``ValueEncoder/keys`` from `first` on; `next` is to be written next.
        case object(first: Int, next: Int, isWithoutDB: Bool)
        /// An array; what stands at `next` is to be written next.
        case array(next: Int, end: Int, isEmpty: Bool)
        /// A code whose scope has been written.
        case code(text: Range<Int>)
    }

    private let reader: BSONReader
    private let limits: ValueLimits
    private var json: JSONBuffer
    private var levels: [Level] = []
    /// Where the properties of all open objects stand, the innermost one's last.
    private var keys: [UInt32] = []

    /// - Parameter element: of a document that ``BSONCheck`` has seen.
    /// - Returns: JSON.
    /// - Throws: ``BSONFault``.
    static func json(
        of element: BSONElement, in reader: BSONReader, limits: ValueLimits
    ) throws(BSONFault) -> [UInt8] {
        var encoder = ValueEncoder(reader: reader, limits: limits)
        try encoder.write(element)
        while let level = encoder.levels.popLast() { try encoder.proceed(level) }
        return encoder.json.bytes
    }

    private init(reader: BSONReader, limits: ValueLimits) {
        self.reader = reader
        self.limits = limits
        json = JSONBuffer(limit: limits.json)
    }

    /// Writes the next value of a level, or its end.
    private mutating func proceed(_ level: Level) throws(BSONFault) {
        switch level {
        case .object(let first, let next, let isWithoutDB):
            guard next < keys.count else {
                keys.removeSubrange(first...)
                return try json.append(isWithoutDB ? #","$db":""}"# : "}")
            }
            let offset = Int(keys[next])
            guard let element = try reader.element(at: offset, before: reader.count) else {
                throw .damaged(at: offset)
            }
            if next > first { try json.append(",") }
            try json.append(quoted: reader[element.key])
            try json.append(":")
            levels.append(.object(first: first, next: next + 1, isWithoutDB: isWithoutDB))
            try write(element)
        case .array(let next, let end, let isEmpty):
            guard let element = try reader.element(at: next, before: end) else { return try json.append("]") }
            if !isEmpty { try json.append(",") }
            levels.append(.array(next: element.end, end: end, isEmpty: false))
            try write(element)
        case .code(let text):
            try json.append(#","code":"#)
            try json.append(quoted: reader[text])
            try json.append("}")
        }
    }

    /// Writes a value, or the beginning of one that has levels.
    private mutating func write(_ element: BSONElement) throws(BSONFault) {
        let start = element.value.lowerBound
        switch element.type {
        case .object: try beginObject(start + 4..<element.end)
        case .array:
            try json.append("[")
            levels.append(.array(next: start + 4, end: element.end, isEmpty: true))
        case .codeWithScope:
            try json.append(#"{"scope":"#)
            levels.append(.code(text: try reader.text(at: start + 4)))
            if let scope = try reader.nestedElements(of: element) { try beginObject(scope) }
        default: try json.append(element, of: reader)
        }
    }

    private mutating func beginObject(_ elements: Range<Int>) throws(BSONFault) {
        let first = keys.count
        try ObjectKeys(reader, limit: limits.keys).append(of: elements, to: &keys)
        let isWithoutDB = try becomeReference(from: first)
        try json.append("{")
        levels.append(.object(first: first, next: first, isWithoutDB: isWithoutDB))
    }

    /// js-bson makes a DBRef of every object whose `$id` is neither null nor undefined; it has `$ref`, `$id` and `$db`, and
    /// nothing else.
    ///
    /// - Returns: whether it is one, and has no `$db` of its own: that is written as an empty string.
    private mutating func becomeReference(from first: Int) throws(BSONFault) -> Bool {
        guard let id = try property("$id", from: first), try !reader.type(at: Int(id)).isNullOrUndefined else {
            return false
        }
        var database = try property("$db", from: first)
        if let present = database, try reader.type(at: Int(present)).isNullOrUndefined { database = nil }
        let properties = [try property("$ref", from: first), id, database]
        keys.removeSubrange(first...)
        keys += properties.compactMap { $0 }
        return database == nil
    }

    private func property(_ key: String, from first: Int) throws(BSONFault) -> UInt32? {
        for offset in keys[first...] where try reader.key(at: Int(offset)).elementsEqual(key.utf8) { return offset }
        return nil
    }
}
