import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// From a request to its answer: the routes of ratings v2.
public struct RatingsResponder: HTTPResponder {
    public typealias Context = BasicRequestContext

    /// The most that a POST may carry, in bytes.
    static let maximumBodySize = 1 << 20

    private let repository: any RatingsRepository

    public init(repository: any RatingsRepository) {
        self.repository = repository
    }

    public func respond(to request: Request, context: Context) async throws -> Response {
        guard context.logger.logLevel <= .debug else { return try await answer(request) }
        let start = ContinuousClock.now
        let response = try await answer(request)
        let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
        context.logger.debug(
            "request",
            metadata: [
                "method": "\(request.method)", "path": "\(request.target)", "status": "\(response.status.code)",
                "ms": "\((milliseconds * 10).rounded() / 10)", "x-request-id": "\(request.headers[.xRequestID] ?? "-")",
            ]
        )
        return response
    }

    private func answer(_ request: Request) async throws -> Response {
        // RFC 9112, section 3.2: a request without Host is refused. The codec exempts HTTP/1.0.
        guard request.head.authority != nil else { return Answer.empty(.badRequest) }
        if let expectation = request.headers[.expect], expectation.lowercased() != "100-continue" {
            return Answer.empty(.expectationFailed)
        }
        switch Route(target: request.target) {
        case .ratings: return try await ratings(request)
        case .health: return health(request)
        case nil: return Answer.notFound
        }
    }

    private func health(_ request: Request) -> Response {
        switch request.method {
        case .get: Answer.health
        case .head: Answer.health.createHeadResponse()
        default: Answer.methodNotAllowed(allow: "GET, HEAD")
        }
    }

    private func ratings(_ request: Request) async throws -> Response {
        switch request.method {
        case .get: await get(request)
        case .head: await get(request).createHeadResponse()
        case .post: try await post(request)
        default: Answer.methodNotAllowed(allow: "GET, HEAD, POST")
        }
    }

    private func get(_ request: Request) async -> Response {
        guard let product = ProductID(target: request.target) else { return Answer.invalidProductID }
        do {
            return Answer.ratings(try await repository.ratings(), of: product)
        } catch {
            return Answer.unavailable(error)
        }
    }

    /// The original checks a POST, and then declines it for every database.
    private func post(_ request: Request) async throws -> Response {
        guard ProductID(target: request.target) != nil else { return Answer.invalidProductID }
        do {
            let body = try await request.body.collect(upTo: Self.maximumBodySize)
            return JSONValidator.isValid(Array(body.readableBytesView)) ? Answer.postNotImplemented : Answer.invalidJSON
        } catch is NIOTooManyBytesError {
            return Answer.empty(.contentTooLarge)
        }
    }
}

extension Request {
    /// The raw request target; the codec keeps it as the client sent it.
    fileprivate var target: String { head.path ?? "" }
}

extension HTTPField.Name {
    /// The header by which Envoy and Bookinfo's services correlate a request.
    fileprivate static let xRequestID = Self("x-request-id")!
}
