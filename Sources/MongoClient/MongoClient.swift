import CMongoC
import Threads

/// A client that the pool has lent for the length of ``MongoClientPool/withClient(_:)``.
///
/// A `mongoc_client_t` may be used by one thread at a time (<https://mongoc.org/libmongoc/1.23.1/mongoc_client_t.html>):
/// this type can neither be copied nor sent to another thread. Every method blocks, within the time-outs of the
/// connection string.
public struct MongoClient: ~Copyable {
    private let client: LentClient
    private let readsAgain: Bool
    private let redactor: Redactor

    // Stored, and methods copy `client` first: Swift 6.0 cannot reach into an object from a type that is not copyable.
    private let pointer: OpaquePointer

    /// - Parameters:
    ///   - client: stays the pool's.
    ///   - readsAgain: whether to read again where a connection has been forgotten; else the driver does so.
    init(borrowing client: LentClient, readsAgain: Bool, redactor: Redactor) {
        self.client = client
        pointer = client.pointer
        self.readsAgain = readsAgain
        self.redactor = redactor
    }

    /// Selects a server, and connects, shakes hands and authenticates, unless this client's last command went well: then
    /// the next command uses the same connection, or makes a new one by itself.
    ///
    /// Source: <https://mongoc.org/libmongoc/1.23.1/mongoc_client_select_server.html> and
    /// `mongoc_client_get_handshake_description`.
    public func connect() throws(MongoError) {
        let client = client
        guard !client.isConnected else { return }
        var error = bson_error_t()
        guard
            let server = mongoc_client_select_server(pointer, false, mongoc_client_get_read_prefs(pointer), &error)
        else { throw MongoError(error, redactor: redactor) }
        defer { mongoc_server_description_destroy(server) }
        let identifier = mongoc_server_description_id(server)
        guard let handshake = mongoc_client_get_handshake_description(pointer, identifier, nil, &error) else {
            throw MongoError(error, redactor: redactor)
        }
        mongoc_server_description_destroy(handshake)
        client.isConnected = true
    }

    /// What `body` makes of each document that `query` finds. A retryable error is retried once by the driver, unless the
    /// connection string says `retryReads=false`. A connection that has been forgotten (``FirstWait``) is given up, and the
    /// read goes over another one in any case.
    ///
    /// - Parameter body: takes a document as BSON (<https://bsonspec.org/spec.html>) where the driver keeps it: the bytes are
    ///   gone once it returns. The driver has checked nothing of it but the length at its begin.
    public func find<Value>(
        _ query: FindQuery, _ body: (UnsafeRawBufferPointer) -> Value
    ) throws(MongoError) -> [Value] {
        let client = client
        let collection = Collection(client: pointer, database: query.database, name: query.collection)
        let begin = MonotonicTime.now
        client.isAboutToRead = true
        client.hasGivenUp = false
        defer {
            client.isAboutToRead = false
            client.lastRead = .now - begin
        }
        func attempt() throws(MongoError) -> [Value] {
            let cursor = Cursor(
                collection: collection, filter: query.filter, options: query.options, redactor: redactor)
            return try cursor.map(body)
        }
        do {
            return try attempt()
        } catch let error {
            client.isConnected = false
            guard readsAgain, client.hasGivenUp else { throw error }
            return try attempt()
        }
    }

    /// Runs a database command.
    ///
    /// - Parameters:
    ///   - command: the command in Extended JSON.
    ///   - database: the database to run it on.
    /// - Returns: the server's reply as relaxed Extended JSON.
    /// - Throws: ``MongoError``, also where the server's reply is not ok.
    @discardableResult
    public func runCommand(_ command: String, on database: String) throws(MongoError) -> String {
        let command = try BSON(extendedJSON: command, redactor: redactor)
        // The driver initialises the reply also where it fails (mongoc_client_command_simple).
        guard let reply = cmongoc_reply_new() else { throw MongoError(domain: 0, code: 0, message: "out of memory") }
        defer { cmongoc_reply_free(reply) }
        var error = bson_error_t()
        let isOK = withExtendedLifetime(command) {
            mongoc_client_command_simple(pointer, database, command.pointer, nil, reply, &error)
        }
        guard isOK else { throw MongoError(error, redactor: redactor) }
        return BSON.extendedJSON(of: reply)
    }

    /// Stores documents as they are, also such as Extended JSON cannot say: invalid UTF-8, a key twice.
    ///
    /// - Parameter documents: BSON (<https://bsonspec.org/spec.html>), of which only the length is checked here.
    /// - Throws: ``MongoError``, also where the server refuses one.
    public func insert(
        bson documents: [[UInt8]], into collection: String, of database: String
    ) throws(MongoError) {
        let collection = Collection(client: pointer, database: database, name: collection)
        let options = try BSON(extendedJSON: #"{"validate": false}"#)
        var copies: [BSON] = []
        for document in documents { copies.append(try BSON(bytes: document)) }
        var pointers = copies.map { Optional($0.pointer) }
        var error = bson_error_t()
        let isOK = withExtendedLifetime((copies, options)) {
            mongoc_collection_insert_many(
                collection.pointer, &pointers, pointers.count, options.pointer, nil, &error)
        }
        guard isOK else { throw MongoError(error, redactor: redactor) }
    }
}
