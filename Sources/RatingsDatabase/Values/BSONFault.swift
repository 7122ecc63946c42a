/// Why a document cannot be written as JSON. Its description is for the log; it holds nothing of the document's contents.
enum BSONFault: Error, Equatable, CustomStringConvertible {
    /// What stands at this byte of the document is no BSON (<https://bsonspec.org/spec.html>), or js-bson refuses it.
    case damaged(at: Int)

    /// One of the ``ValueLimits`` is passed.
    case tooMuchJSON(limit: Int)
    case tooManyKeys(limit: Int)
    case tooDeep(limit: Int)

    var description: String {
        switch self {
        case .damaged(let offset): "the document is damaged at byte \(offset)"
        case .tooMuchJSON(let limit): "the rating's JSON is over \(limit >> 20) MB"
        case .tooManyKeys(let limit): "an object in the rating has over \(limit) keys"
        case .tooDeep(let limit): "the document has over \(limit) levels"
        }
    }
}
