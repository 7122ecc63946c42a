import Threads

/// How a read finds out that its connection has been forgotten: a NAT or a load balancer drops a flow without a word, and
/// what is written to it is answered by nobody.
///
/// - On a connection that was idle, or whose last read was slow, a ping goes ahead of the query. The server answers it at
///   once, however long the query takes, so a missing answer tells of the connection and not of the query.
/// - On one that was just in use and quick the query goes alone: a connection is forgotten when it is idle. Should it be
///   forgotten all the same, no reply comes for longer than any of late.
struct FirstWait: Equatable {
    /// Whether a ping goes ahead.
    let pings: Bool
    /// How long to wait for the first bytes of an answer.
    let bound: Duration

    /// A connection is idle after this time without a read; those who ask more often do not pay for pings.
    static let idleTime = Duration.milliseconds(5)
    /// Reads that take longer are slow.
    static let slowTime = Duration.milliseconds(250)

    /// - Parameters:
    ///   - idle: since when nothing has come over the connection.
    ///   - lastRead: how long this client's last read took.
    ///   - roundTrip: from here to the server and back.
    ///   - limit: how long a command may take at most; a third of it is enough for the first wait, where the way is not too
    ///     long for that.
    init(idle: Duration, lastRead: Duration, roundTrip: Duration, limit: Duration) {
        pings = idle >= Self.idleTime || lastRead >= Self.slowTime
        let patience = pings ? .milliseconds(200) + roundTrip * 2 : .milliseconds(500) + roundTrip
        bound = max(min(patience, limit / 3), roundTrip * 3 / 2)
    }
}
