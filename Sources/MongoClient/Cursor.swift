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

    /// All documents, copied. Blocks.
    func documents() throws(MongoError) -> [Document] {
        var documents: [Document] = []
        var document: OpaquePointer?
        while mongoc_cursor_next(pointer, &document) {
            if let document { documents.append(Document(copying: document)) }
        }
        var error = bson_error_t()
        if mongoc_cursor_error(pointer, &error) { throw MongoError(error, redactor: redactor) }
        return documents
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
