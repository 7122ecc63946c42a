/// What a client may send, and how long it may take.
///
/// The header block's own limit is the parser's.
struct HTTPLimits: Sendable {
    /// How many connections there may be; a further one is closed at once. Each takes about 2 KB of memory, and as much of the
    /// kernel's.
    var connections = 10_000

    /// The most that a POST may carry, in bytes; more is answered with 413.
    var bodyBytes = 1 << 20

    /// The most that is kept for all clients together, in bytes: unfinished heads, requests that wait to be read, answers that
    /// wait to be sent. Beyond it the oldest unfinished request is answered with 408.
    var keptBytes = 24 << 20

    /// From the first byte of a request to its last; then the connection is closed.
    var requestReadTimeout = Duration.seconds(10)

    /// How long a client may leave its answers unread once the socket's buffers are full; then the connection is closed.
    var responseWriteTimeout = Duration.seconds(10)

    /// How long a request may still take to arrive after the drain began.
    var requestReadTimeoutAtDrain = Duration.seconds(1)

    /// How long a closed connection waits for the client to close its side.
    var lingerTimeout = Duration.seconds(1)

    /// How long a connection may stay without a request. Longer than Envoy's idle time-out for upstream connections (one
    /// hour), so that the sidecar closes first and never sends a request into a closing connection.
    var idleTimeout = Duration.seconds(65 * 60)

    /// From how many bytes on answers are written, although more could be put behind them.
    var answerBytes = 64 << 10

    /// How many requests of one connection may wait for their answers. Those behind them stay unread.
    var pipelinedRequests = 128
}
