import CMongoC
import Log

/// Owns a `mongoc_client_pool_t`: the connections to one deployment, and the driver's threads that watch it.
///
/// `@unchecked Sendable`: "mongoc_client_pool_t is thread-safe except for `mongoc_client_pool_destroy`"
/// (<https://mongoc.org/libmongoc/1.23.1/mongoc_client_pool_t.html>). Destruction is in `deinit`, where nobody else can
/// hold the pool, and a lent client keeps the pool alive.
public final class MongoClientPool: @unchecked Sendable {
    /// What the driver's monitors last heard from each server.
    public let heartbeats: Heartbeats

    private let pointer: OpaquePointer
    private let redactor: Redactor
    private let clients: LentClients
    private let readsAgain: Bool

    /// Makes the pool. Nothing is connected before the first use; but the SRV record of a `mongodb+srv://` string is
    /// looked up here, and that blocks.
    ///
    /// - Parameters:
    ///   - connectionString: which deployment, and how.
    ///   - logger: takes the driver's own messages, without secrets.
    /// - Throws: ``MongoError`` where the driver refuses the combination of options, or finds no SRV record.
    public init(_ connectionString: ConnectionString, logger: Logger) throws(MongoError) {
        Driver.start
        let redactor = connectionString.redactor
        Driver.send(to: logger, redactor)
        var error = bson_error_t()
        guard let pointer = mongoc_client_pool_new_with_error(connectionString.uri.pointer, &error) else {
            throw MongoError(error, redactor: redactor)
        }
        mongoc_client_pool_set_error_api(pointer, MONGOC_ERROR_API_VERSION_2)
        heartbeats = Heartbeats(redactor: redactor)
        heartbeats.listen(to: pointer)
        self.pointer = pointer
        self.redactor = redactor
        clients = LentClients(connectionString.uri)
        readsAgain = connectionString.uri.boolean("retryreads") == false
    }

    /// Blocks: 0.5 s with a healthy server, up to the connection string's time-outs with a silent one. Let go of the last
    /// reference where that does no harm.
    deinit { mongoc_client_pool_destroy(pointer) }

    /// Lends a client for the length of `body`. Blocks for at most `waitQueueTimeoutMS` before that.
    ///
    /// - Throws: ``MongoError`` where no client is free in time, and what `body` throws.
    public func withClient<Value>(
        _ body: (borrowing MongoClient) throws(MongoError) -> Value
    ) throws(MongoError) -> Value {
        guard let client = mongoc_client_pool_pop(pointer) else { throw .poolExhausted }
        defer { mongoc_client_pool_push(pointer, client) }
        return try body(
            MongoClient(borrowing: clients.client(client), readsAgain: readsAgain, redactor: redactor))
    }
}
