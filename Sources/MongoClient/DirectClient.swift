import CMongoC
import Network
import Threads

/// A client for one server over one connection that was made and looked at elsewhere: hello, authentication and reads, each
/// by itself, so that each step's time and the connection's end can be seen.
///
/// A single-threaded client of the driver (<https://mongoc.org/libmongoc/1.23.1/connection-pooling.html>): it can neither be
/// copied nor sent to another thread. Every method blocks, within the time-outs of the connection string.
public struct DirectClient: ~Copyable {
    private let pointer: OpaquePointer
    private let handOver: HandOver
    private let redactor: Redactor
    private var serverID: UInt32 = 0

    /// What a server said of itself (<https://www.mongodb.com/docs/manual/reference/command/hello/>).
    public struct Hello: Sendable, Equatable {
        /// The replica set that it belongs to.
        public var setName: String?
        public var isWritablePrimary = false
        public var isSecondary = false
        /// A mongos.
        public var isRouter = false
        /// `host:port` of each member of the set that holds data.
        public var members: [String] = []
    }

    /// - Parameters:
    ///   - host: a server of the connection string, or one that a replica set named.
    ///   - authSource: what a TXT record says, where the connection string does not.
    ///   - connection: connected, and with TLS where the string asks for it; this client uses it up.
    /// - Throws: ``MongoError`` where the driver refuses the combination of options.
    public init(
        _ connectionString: ConnectionString, host: Host, authSource: String? = nil, over connection: Connection
    ) throws(MongoError) {
        // All that throws comes before the first property: Swift 6.0 cannot undo a half-made value that is not copyable.
        pointer = try Self.makeClient(connectionString, host: host, authSource: authSource)
        redactor = connectionString.redactor
        handOver = HandOver(connection)
        mongoc_client_set_stream_initiator(pointer, giveConnection, Unmanaged.passUnretained(handOver).toOpaque())
    }

    private static func makeClient(
        _ connectionString: ConnectionString, host: Host, authSource: String?
    ) throws(MongoError) -> OpaquePointer {
        Driver.start
        let uri = try connectionString.uri.direct(to: host, authSource: authSource)
        var error = bson_error_t()
        guard let pointer = mongoc_client_new_from_uri_with_error(uri.pointer, &error) else {
            throw MongoError(error, redactor: connectionString.redactor)
        }
        mongoc_client_set_error_api(pointer, MONGOC_ERROR_API_VERSION_2)
        return pointer
    }

    deinit {
        mongoc_client_destroy(pointer)
        // The driver's streams refer to it until then.
        withExtendedLifetime(handOver) {}
    }

    /// Asks the server what it is.
    ///
    /// - Throws: ``MongoError``, also where the server refuses to say: ``MongoError/isOfServer``.
    public mutating func hello() throws(MongoError) -> Hello {
        var error = bson_error_t()
        // The driver warns of each hello over a stream that is not its own.
        guard
            let server = Driver.silently({
                mongoc_client_select_server(pointer, false, mongoc_client_get_read_prefs(pointer), &error)
            })
        else { throw MongoError(error, redactor: redactor) }
        defer { mongoc_server_description_destroy(server) }
        serverID = mongoc_server_description_id(server)
        guard let reply = mongoc_server_description_hello_response(server) else { return Hello() }
        // To a server that is named alone the driver goes also when it has refused to say what it is.
        if let values = BSONValues(reply), let message = values.string("errmsg") {
            throw MongoError(
                domain: MONGOC_ERROR_SERVER.rawValue, code: UInt32(bitPattern: values.integer("code") ?? 0),
                message: redactor.redact(message))
        }
        return Hello(reply)
    }

    /// Logs in, where the connection string names a user or a mechanism. After ``hello()``.
    public func authenticate() throws(MongoError) {
        var error = bson_error_t()
        guard
            let handshake = Driver.silently({
                mongoc_client_get_handshake_description(pointer, serverID, nil, &error)
            })
        else {
            throw MongoError(error, redactor: redactor)
        }
        mongoc_server_description_destroy(handshake)
    }

    /// Runs a query, and leaves what it finds alone.
    public func read(_ query: FindQuery) throws(MongoError) {
        let collection = Collection(client: pointer, database: query.database, name: query.collection)
        let cursor = Cursor(collection: collection, filter: query.filter, options: query.options, redactor: redactor)
        _ = try Driver.silently { () throws(MongoError) in try cursor.map { _ in () } }
    }
}

extension DirectClient.Hello {
    /// - Parameter reply: borrowed.
    init(_ reply: OpaquePointer) {
        guard let values = BSONValues(reply) else { return }
        setName = values.string("setName")
        isWritablePrimary = values.boolean("isWritablePrimary") ?? values.boolean("ismaster") ?? false
        isSecondary = values.boolean("secondary") ?? false
        isRouter = values.string("msg") == "isdbgrid"
        members = values.strings("hosts") + values.strings("passives")
    }
}
