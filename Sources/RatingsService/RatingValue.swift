/// The value of a document's `rating` field, as far as its wire form depends on its type.
public enum RatingValue: Equatable, Sendable {
    case integer(Int64)
    case number(Double)
    case string(String)
    case bool(Bool)
    case null
    /// Any other value, already JSON.
    case json(String)

    /// JSON as the original writes it: 5.0 as `5`, what is not finite as `null`, an integer that a double cannot hold
    /// exactly (beyond 2^53) as a string.
    var json: String {
        switch self {
        case .integer(let value) where value.magnitude > 1 << 53: "\"\(value)\""
        case .integer(let value): String(value)
        case .number(let value): JavaScriptNumber.json(value)
        case .string(let value): JSONText.string(value)
        case .bool(let value): value ? "true" : "false"
        case .null: "null"
        case .json(let text): text
        }
    }
}
