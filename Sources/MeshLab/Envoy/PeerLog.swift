/// What the lab logs about the two ends of a mutual TLS connection.
public struct PeerLog: Sendable, Hashable, Codable {
    /// The client's and the gateway's own SPIFFE names.
    public var peer: String?
    public var local: String?
    public var version: String?
    public var serverName: String?

    static let format =
        #"{"peer":"%DOWNSTREAM_PEER_URI_SAN%","local":"%DOWNSTREAM_LOCAL_URI_SAN%","#
        + #""version":"%DOWNSTREAM_TLS_VERSION%","serverName":"%REQUESTED_SERVER_NAME%"}"# + "\n"
}
