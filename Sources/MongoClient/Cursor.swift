import CMongoC

/// Owns a `mongoc_cursor_t`. It must end before its client goes back to the pool
/// (<https://mongoc.org/libmongoc/1.23.1/lifecycle.html>), so it never leaves ``MongoClient``.
struct Cursor: ~Copyable {
    private let pointer: OpaquePointer
    private let redactor: Redactor

    init(collection: borrowing Collection, filter: BSON, options: BSON, redactor: Redactor) {
        // The driver copies both documents.
        pointer = withExtendedLifetime((filter, options)) {
            mongoc_collection_find_with_opts(collection.pointer, filter.pointer, options.pointer, nil)
        }
        self.redactor = redactor
    }

    deinit { mongoc_cursor_destroy(pointer) }

    /// What `body` makes of the bytes of each document. Blocks.
    func map<Value>(_ body: (UnsafeRawBufferPointer) -> Value) throws(MongoError) -> [Value] {
        var values: [Value] = []
        var document: OpaquePointer?
        while mongoc_cursor_next(pointer, &document) {
            guard let document else { continue }
            // The document is the cursor's, until its next step.
            let bytes = UnsafeRawBufferPointer(start: bson_get_data(document), count: Int(cmongoc_length(document)))
            values.append(body(bytes))
        }
        var error = bson_error_t()
        if mongoc_cursor_error(pointer, &error) { throw MongoError(error, redactor: redactor) }
        return values
    }
}

/// Owns a `mongoc_collection_t`, which must end before its client goes back to the pool.
struct Collection: ~Copyable {
    let pointer: OpaquePointer

    init(client: OpaquePointer, database: String, name: String) {
        pointer = mongoc_client_get_collection(client, database, name)
    }

    deinit { mongoc_collection_destroy(pointer) }
}
