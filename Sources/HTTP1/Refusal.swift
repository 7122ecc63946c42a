/// Why nothing more is read from a client.
public enum Refusal: Equatable, Sendable {
    /// What it sent is no request.
    case badRequest
    /// The target and the fields of one request, or its trailers, are too large (RFC 6585, section 5).
    case headerFieldsTooLarge
    /// The extensions of a chunk are too large.
    case contentTooLarge

    /// The status that says so.
    public var status: Int {
        switch self {
        case .badRequest: 400
        case .headerFieldsTooLarge: 431
        case .contentTooLarge: 413
        }
    }
}
