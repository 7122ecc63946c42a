/// What a request says of itself before its body, as far as this server acts on it.
public struct RequestHead: Equatable, Sendable {
    public var method = HTTPMethod.get

    /// The raw request target (RFC 9112, section 3.2), nothing decoded.
    public var target: [UInt8] = []

    public var version = HTTPVersion.http11

    public var hasHost = false

    /// Whether the connection ends with this request (RFC 9112, section 9.3).
    public var closes = false

    /// Whether an HTTP/1.0 client asked for the connection to stay open.
    public var asksToKeepAlive = false

    public var expectation = Expectation.none

    public var body = BodyLength.none

    /// The value of `x-request-id`; empty where there is none, or it is not kept.
    public var requestID: [UInt8] = []

    public init() {}
}

/// What `Expect` asks for (RFC 9110, section 10.1.1).
public enum Expectation: Equatable, Sendable {
    case none
    /// An interim response before the body is sent.
    case `continue`
    /// Something that this server cannot do.
    case other
}

/// Where a body ends (RFC 9112, section 6.3).
public enum BodyLength: Equatable, Sendable {
    case none
    /// After so many bytes.
    case length(UInt64)
    /// After the last chunk.
    case chunked
}
