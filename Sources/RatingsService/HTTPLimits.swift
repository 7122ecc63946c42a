import NIOCore

/// What a client may send, and how long it may take.
struct HTTPLimits: Sendable {
    /// The target, and the names and values of all headers, in bytes without what separates them; more is answered with
    /// 431.
    var headerBytes = 16 << 10

    /// From the first byte of a request to its last; then the connection is closed.
    var requestReadTimeout = TimeAmount.seconds(10)

    /// How long a client may leave its answers unread once the socket's buffers are full; then the connection is closed.
    var responseWriteTimeout = TimeAmount.seconds(10)

    /// How long a request may still take to arrive after a graceful shutdown began.
    var requestReadTimeoutAtShutdown = TimeAmount.seconds(1)

    /// How long a closed connection waits for the client to close its side.
    var lingerTimeout = TimeAmount.seconds(1)

    /// How long a connection may stay without a request. Longer than Envoy's idle time-out for upstream connections (one
    /// hour), so that the sidecar closes first and never sends a request into a closing connection.
    var idleTimeout = Duration.seconds(65 * 60)
}
