/// An answer that a recorded stream is to get: `400/404? empty` stands for one of two statuses, an answer that may be missing,
/// and a body; `200` alone leaves the body open.
public struct ExpectedAnswer: Sendable, CustomStringConvertible {
    public let description: String
    /// One of them.
    public let statuses: [Int]
    public let isOptional: Bool
    /// Nothing where any will do. What is not empty is `application/json`.
    public let body: String?

    init(_ text: String) {
        description = text
        let parts = text.split(separator: " ", maxSplits: 1)
        isOptional = parts[0].hasSuffix("?")
        statuses = parts[0].split(whereSeparator: { "/?".contains($0) }).compactMap { Int($0) }
        body = parts.count == 2 ? Self.body(named: parts[1]) : nil
    }

    private static func body(named name: Substring) -> String {
        switch name {
        case "empty": ""
        case "health": #"{"status":"Ratings is healthy"}"#
        case "noPost": #"{"error":"Post not implemented for database backed ratings"}"#
        case "noNumber": #"{"error":"please provide numeric product ID"}"#
        case "noJSON": #"{"error":"please provide valid ratings JSON"}"#
        default:
            #"{"id":\#(name.dropFirst("ratings:".count)),"ratings":{"Reviewer1":1,"Reviewer2":1}}"#
        }
    }
}
