/// What to find: a filter and options, parsed once and used for many reads.
///
/// Options: <https://mongoc.org/libmongoc/1.23.1/mongoc_collection_find_with_opts.html>.
public struct FindQuery: Sendable {
    let database: String
    let collection: String
    let filter: BSON
    let options: BSON

    /// The database, such as `test`.
    public var databaseName: String { database }

    /// Database and collection, such as `test.ratings`.
    public var name: String { "\(database).\(collection)" }

    /// - Parameters:
    ///   - filter: Extended JSON.
    ///   - options: Extended JSON, such as `{"limit": 2, "projection": {"rating": 1}}`.
    /// - Throws: ``MongoError`` where one of them is not a document.
    public init(
        database: String,
        collection: String,
        filter: String = "{}",
        options: String = "{}"
    ) throws(MongoError) {
        self.database = database
        self.collection = collection
        self.filter = try BSON(extendedJSON: filter)
        self.options = try BSON(extendedJSON: options)
    }
}
