/// What a read goes through, in order.
public enum Layer: String, Sendable, CaseIterable, Comparable {
    /// `MONGO_DB_URL` and the files that it names.
    case connectionString
    /// A, AAAA, SRV and TXT records.
    case dns
    /// A connection to one of the addresses. Behind a sidecar it is the sidecar that accepts it.
    case tcp
    /// What the pod's sidecar did with the connection. Only where there is one.
    case sidecar
    /// The TLS handshake. Only where the connection string asks for it.
    case tls
    /// What the server says that it is.
    case hello
    case authentication
    /// The service's own query.
    case read

    public static func < (left: Layer, right: Layer) -> Bool { left.place < right.place }

    private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
