import HTTP1

/// From the head of a request to its response, or to what has to be known for it: the routes of ratings v2.
struct RatingsResponder {
    /// What a request asks for.
    enum Verdict {
        case respond(Response)
        /// To refuse the request and to end the connection with it.
        case respondAndClose(Response)
        /// To validate the body, and then to decline.
        case validate
        case ratings(ProductID)
    }

    static func verdict(on head: RequestHead) -> Verdict {
        // RFC 9112, section 3.2: a request without Host is refused. HTTP/1.0 has none.
        if !head.hasHost, head.version == .http11 { return .respondAndClose(Answer.badRequest) }
        // What follows would be bytes of a tunnel and no requests.
        if head.method == .connect { return .respondAndClose(Answer.notFound) }
        // RFC 9110, section 10.1.1: HTTP/1.0 knows no expectations.
        if head.expectation == .other, head.version == .http11 { return .respond(Answer.expectationFailed) }
        switch Route(target: head.target) {
        case .ratings: return ratings(head)
        case .health: return health(head)
        case nil: return .respond(Answer.notFound)
        }
    }

    private static func health(_ head: RequestHead) -> Verdict {
        switch head.method {
        case .get, .head: .respond(Answer.health)
        default: .respond(Answer.healthMethodNotAllowed)
        }
    }

    private static func ratings(_ head: RequestHead) -> Verdict {
        guard head.method == .get || head.method == .head || head.method == .post else {
            return .respond(Answer.ratingsMethodNotAllowed)
        }
        guard let product = ProductID(target: head.target) else { return .respond(Answer.invalidProductID) }
        // The original checks a POST, and then declines it for every database.
        return head.method == .post ? .validate : .ratings(product)
    }
}
