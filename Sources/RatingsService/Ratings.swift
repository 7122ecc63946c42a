/// The ratings of a product, by reviewer. The database holds one pair for all products, as in the original.
public struct Ratings: Equatable, Sendable {
    /// What stands behind the id in an answer, written once for all requests that the same read answers.
    let bodyEnd: [UInt8]

    /// - Parameters: each reviewer's rating as JSON, which is not looked at; `nil` leaves the key out.
    public init(reviewer1: [UInt8]?, reviewer2: [UInt8]?) {
        var body = Array(#","ratings":{"#.utf8)
        if let reviewer1 {
            body += #""Reviewer1":"#.utf8
            body += reviewer1
        }
        if let reviewer2 {
            body += (reviewer1 == nil ? "" : ",").utf8
            body += #""Reviewer2":"#.utf8
            body += reviewer2
        }
        body += "}}".utf8
        bodyEnd = body
    }
}
