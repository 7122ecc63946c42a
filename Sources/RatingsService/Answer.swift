import HTTPTypes
import Hummingbird
import NIOCore

/// The original's answers, byte for byte: `application/json` without a charset, errors flat.
enum Answer {
    static let health = json(.ok, #"{"status":"Ratings is healthy"}"#)
    static let invalidProductID = error(.badRequest, "please provide numeric product ID")
    static let invalidJSON = error(.badRequest, "please provide valid ratings JSON")
    static let postNotImplemented = error(.notImplemented, "Post not implemented for database backed ratings")
    static let notFound = empty(.notFound)

    static func ratings(_ ratings: Ratings, of product: ProductID) -> Response {
        var body = ByteBuffer()
        body.reserveCapacity(64)
        body.writeString(#"{"id":"#)
        body.writeString(product.json)
        body.writeString(#","ratings":"#)
        body.writeString(ratings.json)
        body.writeString("}")
        return json(.ok, body)
    }

    static func unavailable(_ fault: RatingsUnavailable) -> Response {
        error(.internalServerError, fault.message)
    }

    static func methodNotAllowed(allow methods: String) -> Response {
        var response = empty(.methodNotAllowed)
        response.headers[.allow] = methods
        return response
    }

    static func empty(_ status: HTTPResponse.Status) -> Response {
        Response(status: status, headers: [.contentLength: "0"])
    }

    private static func error(_ status: HTTPResponse.Status, _ message: String) -> Response {
        json(status, "{\"error\":\"\(message)\"}")
    }

    private static func json(_ status: HTTPResponse.Status, _ text: String) -> Response {
        json(status, ByteBuffer(string: text))
    }

    private static func json(_ status: HTTPResponse.Status, _ body: ByteBuffer) -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: body)
        )
    }
}
