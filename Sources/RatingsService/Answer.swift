import HTTP1

/// The original's answers, byte for byte: `application/json` without a charset, errors flat.
enum Answer {
    static let health = json(200, #"{"status":"Ratings is healthy"}"#)
    static let invalidProductID = error(400, "please provide numeric product ID")
    static let invalidJSON = error(400, "please provide valid ratings JSON")
    static let postNotImplemented = error(501, "Post not implemented for database backed ratings")
    static let notFound = Response(status: 404)
    static let requestTimeout = Response(status: 408)
    static let contentTooLarge = Response(status: 413)
    static let expectationFailed = Response(status: 417)

    /// What the request lacks is not said, as the original's parser does not.
    static let badRequest = Response(status: 400)

    static func refusal(_ refusal: Refusal) -> Response { Response(status: refusal.status) }

    static let healthMethodNotAllowed = Response(status: 405, fields: [("Allow", "GET, HEAD")])
    static let ratingsMethodNotAllowed = Response(status: 405, fields: [("Allow", "GET, HEAD, POST")])

    static func ratings(_ ratings: Ratings, of product: ProductID) -> Response {
        ratingsOfAProduct.appending(Array(product.json.utf8), ratings.bodyEnd)
    }

    static func unavailable(_ fault: RatingsUnavailable) -> Response {
        switch fault.step {
        case .connect: cannotConnect
        case .load: cannotLoad
        }
    }

    private static let ratingsOfAProduct = json(200, #"{"id":"#)
    private static let cannotConnect = error(500, "could not connect to ratings database")
    private static let cannotLoad = error(500, "could not load ratings from database")

    private static func error(_ status: Int, _ message: String) -> Response {
        json(status, "{\"error\":\"\(message)\"}")
    }

    private static func json(_ status: Int, _ text: String) -> Response {
        Response(status: status, fields: [("Content-Type", "application/json")], body: Array(text.utf8))
    }
}
