/// How a connection ended, as it was seen.
public enum Ending: Sendable, Equatable {
    /// The peer closed it (FIN).
    case closed
    /// The peer or something on the way reset it (RST), or another error of the socket (errno).
    case reset(Int32)
    /// Nothing came in time.
    case silent
    /// The peer refused in TLS's own words (RFC 8446, section 6.2): OpenSSL's reason, 1000 and the alert's number; and its
    /// text.
    case alert(Int32, String)
    /// What came is no TLS, or TLS that was not agreed on: OpenSSL's reason and its text.
    case protocolError(Int32, String)
}
