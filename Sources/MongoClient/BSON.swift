import CMongoC

/// Owns a `bson_t`.
///
/// `@unchecked Sendable`: a `bson_t` is not thread-safe while it is changed
/// (<https://mongoc.org/libbson/1.23.1/bson_t.html>); this one is never changed after `init`.
final class BSON: @unchecked Sendable {
    let pointer: OpaquePointer

    /// - Parameter extendedJSON: a document in Extended JSON.
    init(extendedJSON: String, redactor: Redactor = .none) throws(MongoError) {
        var error = bson_error_t()
        guard let pointer = bson_new_from_json(extendedJSON, extendedJSON.utf8.count, &error) else {
            throw MongoError(error, redactor: redactor)
        }
        self.pointer = pointer
    }

    /// - Throws: where the length that `bytes` begin with is not theirs.
    init(bytes: [UInt8]) throws(MongoError) {
        guard let pointer = bson_new_from_data(bytes, bytes.count) else {
            throw MongoError(domain: 0, code: 0, message: "no BSON document")
        }
        self.pointer = pointer
    }

    deinit { bson_destroy(pointer) }

    /// The text of a document as relaxed Extended JSON. `document` is borrowed.
    static func extendedJSON(of document: OpaquePointer) -> String {
        guard let text = bson_as_relaxed_extended_json(document, nil) else { return "{}" }
        defer { bson_free(text) }
        return String(cString: text)
    }
}
