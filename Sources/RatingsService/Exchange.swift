import EventLoop
import HTTP1

/// A request and the response that it gets.
final class Exchange {
    /// What has to be known before there is a response.
    enum Task {
        /// Nothing: it is there already.
        case none
        /// Whether the body is JSON.
        case validation(JSONValidator)
        /// The ratings, for this product.
        case ratings(ProductID)
    }

    let isHEAD: Bool
    var persistence: Response.Persistence
    var task = Task.none
    var response: Response?

    /// Whether the client waits for an interim response before it sends the body.
    var expectsContinue = false

    /// Whether the whole request has been read, or what is left of it does not matter.
    var isRead = false

    /// For the log; `nil` where nobody reads it.
    var record: RequestRecord?

    init(isHEAD: Bool, persistence: Response.Persistence) {
        self.isHEAD = isHEAD
        self.persistence = persistence
    }
}
