/// A value of a BSON document (<https://bsonspec.org/spec.html>).
public enum BSONValue: Equatable, Sendable {
    case int32(Int32)
    case int64(Int64)
    case double(Double)
    case string(String)
    case bool(Bool)
    case null
    /// A value of any other type, as the text of libbson's relaxed Extended JSON
    /// (<https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/>).
    case extendedJSON(String)
}
