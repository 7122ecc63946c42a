/// Driver options for what a connection string leaves out. The driver's own defaults are made for batch jobs: up to
/// 30 s to select a server, 5 minutes of silence, a wait without end for a pooled connection.
///
/// Options: <https://mongoc.org/libmongoc/1.23.1/mongoc_uri_t.html>. Times are in milliseconds.
public struct ConnectionDefaults: Sendable, Equatable {
    /// How long to look for a server that can answer (`serverSelectionTimeoutMS`).
    public var serverSelectionTimeoutMS: Int32 = 1500

    /// How long a TCP connection and each step of a handshake may take, per resolved address (`connectTimeoutMS`).
    public var connectTimeoutMS: Int32 = 1000

    /// How long a server may stay silent during a command (`socketTimeoutMS`).
    public var socketTimeoutMS: Int32 = 1500

    /// How long to wait for a free connection of the pool (`waitQueueTimeoutMS`).
    public var waitQueueTimeoutMS: Int32 = 1000

    /// How often each server is checked (`heartbeatFrequencyMS`); 500 is the driver's least.
    public var heartbeatFrequencyMS: Int32 = 2000

    /// The name that the server's log shows for our connections (`appName`).
    public var appName = "ratings-v2"

    /// Whether to leave the certificate's OCSP responder alone (`tlsDisableOCSPEndpointCheck`): asking it is a second
    /// egress that a mesh blocks, and it costs every new connection up to 5 s. A stapled answer is still checked.
    public var disableOCSPEndpointCheck = true

    public init() {}

    /// Defaults that leave a request of `milliseconds` the time to be answered: three quarters of it to find a server or
    /// for a silent one, half of it for a connection or a free place in the pool.
    public init(requestTimeoutMS milliseconds: Int32) {
        serverSelectionTimeoutMS = max(1, milliseconds / 4 * 3)
        socketTimeoutMS = max(1, milliseconds / 4 * 3)
        connectTimeoutMS = max(1, milliseconds / 2)
        waitQueueTimeoutMS = max(1, milliseconds / 2)
    }
}
