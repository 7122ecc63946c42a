import CMongoC
import Threads

/// What is known of one client of a pool while it is lent and in between.
///
/// `@unchecked Sendable`: a `mongoc_client_t` may be used by one thread at a time
/// (<https://mongoc.org/libmongoc/1.23.1/mongoc_client_t.html>). Only who holds the client touches this, and the driver calls
/// a stream's functions on that thread; the pool's mutex lies between one holder and the next.
final class LentClient: @unchecked Sendable {
    /// The pool's, which outlives this.
    let pointer: OpaquePointer
    /// How long a command may take (`socketTimeoutMS`).
    let limit: Duration

    /// Whether the last command went well over a connection, which the next one uses.
    var isConnected = false
    /// A read is about to be sent.
    var isAboutToRead = false
    /// A connection did not answer within its ``FirstWait``.
    var hasGivenUp = false
    /// How long the last read took.
    var lastRead = Duration.zero

    private var roundTrip = Duration.zero
    private var roundTripAge = MonotonicTime(nanoseconds: 0)

    init(_ pointer: OpaquePointer, limit: Duration) {
        self.pointer = pointer
        self.limit = limit
    }

    /// From here to a server and back, as the driver's heartbeats measure it; zero while they have not.
    ///
    /// - Parameter host: `host:port`.
    func roundTrip(to host: String, at now: MonotonicTime) -> Duration {
        if now - roundTripAge >= .seconds(1) {
            roundTripAge = now
            roundTrip = measuredRoundTrip(to: host)
        }
        return roundTrip
    }

    private func measuredRoundTrip(to host: String) -> Duration {
        var count = 0
        guard let servers = mongoc_client_get_server_descriptions(pointer, &count) else { return .zero }
        defer { mongoc_server_descriptions_destroy_all(servers, count) }
        for index in 0..<count {
            guard let server = servers[index],
                String(cString: cmongoc_host_and_port(mongoc_server_description_host(server))) == host
            else { continue }
            return .milliseconds(max(0, mongoc_server_description_round_trip_time(server)))
        }
        return .zero
    }
}

/// The clients that a pool has made so far. It must live as long as the pool: the driver refers to what is in it.
final class LentClients: Sendable {
    /// By address.
    private let clients = Locked<[UInt: LentClient]>([:])
    private let limit: Duration
    /// `minPoolSize` has the driver take clients down, and make others, perhaps at the same address.
    private let areKept: Bool

    init(_ uri: URI) {
        // Five minutes are the driver's own limit, and 0 is none.
        limit = .milliseconds(Int64(uri.integer("sockettimeoutms").flatMap { $0 > 0 ? $0 : nil } ?? 300_000))
        areKept = uri.integer("minpoolsize") == nil
    }

    /// - Parameter pointer: a client that the pool has just lent.
    func client(_ pointer: OpaquePointer) -> LentClient {
        let address = UInt(bitPattern: pointer)
        let known = clients.withLock { $0[address] }
        if areKept, let known { return known }
        let client = known ?? LentClient(pointer, limit: limit)
        clients.withLock { $0[address] = client }
        watchStreams(of: client)
        return client
    }
}
