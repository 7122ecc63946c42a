/// The ratings of a product, by reviewer. The database holds one pair for all products, as in the original.
public struct Ratings: Equatable, Sendable {
    /// What stands behind the id in an answer, written once for all requests that the same read answers.
    let bodyEnd: [UInt8]

    /// - Parameters: the two values; `nil` leaves the key out.
    public init(reviewer1: RatingValue?, reviewer2: RatingValue?) {
        let fields = [("Reviewer1", reviewer1), ("Reviewer2", reviewer2)].compactMap { name, value in
            value.map { "\"\(name)\":\($0.json)" }
        }
        bodyEnd = Array(",\"ratings\":{\(fields.joined(separator: ","))}}".utf8)
    }
}
