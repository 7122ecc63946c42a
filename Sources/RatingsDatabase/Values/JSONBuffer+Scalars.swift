import RatingsService

extension JSONBuffer {
    /// Appends a value that has no levels of its own, as `JSON.stringify` writes js-bson's object for it.
    mutating func append(_ element: BSONElement, of reader: BSONReader) throws(BSONFault) {
        let value = element.value
        let start = value.lowerBound
        switch element.type {
        // Undefined comes here as an element of an array only; an object has no such property.
        case .null, .undefined: try append("null")
        case .bool: try append(reader[value][0] == 1 ? "true" : "false")
        case .int32: try append(ascii: String(reader.integer(Int32.self, at: start)))
        case .int64: try append(integer: reader.integer(Int64.self, at: start))
        case .double:
            let number = Double(bitPattern: try reader.integer(UInt64.self, at: start))
            try append(ascii: JavaScriptNumber.json(number))
        case .decimal128:
            let number = Decimal128(
                high: try reader.integer(UInt64.self, at: start + 8), low: try reader.integer(UInt64.self, at: start))
            try append(ascii: "{\"$numberDecimal\":\"\(number.text)\"}")
        case .timestamp: try append(ascii: "\"\(reader.integer(Int64.self, at: start))\"")
        case .date:
            let date = JavaScriptDate(milliseconds: try reader.integer(Int64.self, at: start))
            try append(ascii: date.isoString.map { "\"\($0)\"" } ?? "null")
        case .string, .symbol: try append(quoted: reader[reader.text(at: start)])
        case .code:
            try append(#"{"code":"#)
            try append(quoted: reader[reader.text(at: start)])
            try append("}")
        case .objectID: try append(quotedHexadecimal: reader[value])
        case .binary:
            try append("\"")
            // The length, the subtype, and with subtype 2 a length once more.
            try append(base64: reader[start + (reader[value][4] == 2 ? 9 : 5)..<value.upperBound])
            try append("\"")
        case .dbPointer: try append(pointer: element, of: reader)
        // A RegExp has no properties of its own that are enumerated.
        case .regularExpression: try append("{}")
        case .minKey: try append(#"{"_bsontype":"MinKey"}"#)
        case .maxKey: try append(#"{"_bsontype":"MaxKey"}"#)
        case .object, .array, .codeWithScope: throw .damaged(at: start)
        }
    }

    /// A number where a double holds it exactly, as js-bson promotes it; beyond that a Long, which is written as a string.
    private mutating func append(integer: Int64) throws(BSONFault) {
        try append(ascii: integer.magnitude <= 1 << 53 ? String(integer) : "\"\(integer)\"")
    }

    /// js-bson makes a DBRef of it: the name up to the first dot is the database.
    private mutating func append(pointer element: BSONElement, of reader: BSONReader) throws(BSONFault) {
        let text = try reader.text(at: element.value.lowerBound)
        let name = try reader[text]
        let dot = name.firstIndex(of: UInt8(ascii: ".")).map { text.lowerBound + $0 }
        try append(#"{"$ref":"#)
        try append(quoted: reader[dot.map { $0 + 1..<text.upperBound } ?? text.upperBound..<text.upperBound])
        try append(#","$id":"#)
        try append(quotedHexadecimal: reader[element.end - 12..<element.end])
        try append(#","$db":"#)
        try append(quoted: reader[text.lowerBound..<(dot ?? text.upperBound)])
        try append("}")
    }

    private mutating func append(quotedHexadecimal bytes: UnsafeRawBufferPointer) throws(BSONFault) {
        try append("\"")
        try append(hexadecimal: bytes)
        try append("\"")
    }
}
