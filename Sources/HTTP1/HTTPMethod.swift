/// A request method. Others than these are refused, as by the original's parser.
public struct HTTPMethod: Equatable, Sendable {
    public let name: String

    public static let connect = HTTPMethod(name: "CONNECT")
    public static let get = HTTPMethod(name: "GET")
    public static let head = HTTPMethod(name: "HEAD")
    public static let options = HTTPMethod(name: "OPTIONS")
    public static let post = HTTPMethod(name: "POST")

    /// Node's `http.METHODS`.
    static let all = [
        "ACL", "BIND", "CHECKOUT", "CONNECT", "COPY", "DELETE", "GET", "HEAD", "LINK", "LOCK", "M-SEARCH", "MERGE",
        "MKACTIVITY", "MKCALENDAR", "MKCOL", "MOVE", "NOTIFY", "OPTIONS", "PATCH", "POST", "PROPFIND", "PROPPATCH",
        "PURGE", "PUT", "QUERY", "REBIND", "REPORT", "SEARCH", "SOURCE", "SUBSCRIBE", "TRACE", "UNBIND", "UNLINK",
        "UNLOCK", "UNSUBSCRIBE",
    ].map(HTTPMethod.init)
}

/// A version of the protocol that is served.
public enum HTTPVersion: Equatable, Sendable {
    case http10, http11
}
