import CMongoC

/// The top-level fields of a BSON document, copied out of the driver's memory, in the document's order.
public struct Document: Equatable, Sendable {
    public let fields: [(name: String, value: BSONValue)]

    /// The value of a field. Where a document holds a name twice, the last one counts, as in JavaScript.
    public subscript(name: String) -> BSONValue? {
        fields.last { $0.name == name }?.value
    }

    public static func == (left: Document, right: Document) -> Bool {
        left.fields.elementsEqual(right.fields) { $0.name == $1.name && $0.value == $1.value }
    }

    /// Copies a document that the caller owns.
    init(copying document: OpaquePointer) {
        var fields: [(name: String, value: BSONValue)] = []
        if let iterator = cmongoc_iter_new(document) {
            defer { cmongoc_iter_free(iterator) }
            while bson_iter_next(iterator) {
                fields.append((String(cString: bson_iter_key(iterator)), Self.value(at: iterator)))
            }
        }
        self.fields = fields
    }

    private static func value(at iterator: OpaquePointer) -> BSONValue {
        switch bson_iter_type(iterator) {
        case BSON_TYPE_INT32: .int32(bson_iter_int32(iterator))
        case BSON_TYPE_INT64: .int64(bson_iter_int64(iterator))
        case BSON_TYPE_DOUBLE: .double(bson_iter_double(iterator))
        case BSON_TYPE_UTF8: .string(string(at: iterator))
        case BSON_TYPE_BOOL: .bool(bson_iter_bool(iterator))
        case BSON_TYPE_NULL: .null
        default: .extendedJSON(extendedJSON(at: iterator))
        }
    }

    /// With its length and not as a C string: a BSON string may hold NUL.
    private static func string(at iterator: OpaquePointer) -> String {
        var length: UInt32 = 0
        guard let start = bson_iter_utf8(iterator, &length) else { return "" }
        return start.withMemoryRebound(to: UInt8.self, capacity: Int(length)) {
            String(decoding: UnsafeBufferPointer(start: $0, count: Int(length)), as: UTF8.self)
        }
    }

    /// libbson writes whole documents only, so the value is wrapped in one, and what stands around it cut off.
    private static func extendedJSON(at iterator: OpaquePointer) -> String {
        guard let wrapper = bson_new() else { return "null" }
        defer { bson_destroy(wrapper) }
        guard bson_append_iter(wrapper, "v", 1, iterator) else { return "null" }
        return String(BSON.extendedJSON(of: wrapper).dropFirst(#"{ "v" : "#.count).dropLast(" }".count))
    }
}
