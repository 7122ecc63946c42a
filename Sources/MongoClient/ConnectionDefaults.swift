/// Driver options for what a connection string leaves out. The driver's own defaults are made for batch jobs: up to
/// 30 s to select a server, 5 minutes of silence, a wait without end for a pooled connection.
///
/// Options: <https://mongoc.org/libmongoc/1.23.1/mongoc_uri_t.html>. Times are in milliseconds.
public struct ConnectionDefaults: Sendable, Equatable {
    /// How long to look for a server that can answer (`serverSelectionTimeoutMS`).
    public var serverSelectionTimeoutMS: Int32 = 1500

    /// How long a TCP connection and each step of a handshake may take, per resolved address (`connectTimeoutMS`).
    public var connectTimeoutMS: Int32 = 800

    /// How long a server may stay silent during a command (`socketTimeoutMS`).
    public var socketTimeoutMS: Int32 = 1500

    /// How long to wait for a free connection of the pool (`waitQueueTimeoutMS`).
    public var waitQueueTimeoutMS: Int32 = 1000

    /// How often each server is checked (`heartbeatFrequencyMS`); 500 is the driver's least. A server that a failed
    /// command made suspect is good again after the next check, so a retry takes up to this long.
    public var heartbeatFrequencyMS: Int32 = 1000

    /// The name that the server's log shows for our connections (`appName`).
    public var appName = "ratings-v2"

    /// Whether to leave the certificate's OCSP responder alone (`tlsDisableOCSPEndpointCheck`): asking it is a second
    /// egress that a mesh blocks, and it costs every new connection up to 5 s. A stapled answer is still checked.
    public var disableOCSPEndpointCheck = true

    public init() {}

    /// Defaults that leave a request of `milliseconds` the time to be answered.
    public init(requestTimeoutMS milliseconds: Int32) {
        serverSelectionTimeoutMS = milliseconds * 75 / 100
        connectTimeoutMS = milliseconds * 40 / 100
        socketTimeoutMS = milliseconds * 75 / 100
        waitQueueTimeoutMS = milliseconds * 50 / 100
    }
}
