/// The bounds of ``SharedReads``.
public struct ReadLimits: Sendable {
    /// How long a request may wait for its answer.
    public var requestTimeout = Duration.milliseconds(1800)

    /// The same while no server of the database answers its heartbeats. The driver looks again every 0.5 s while somebody
    /// waits: long enough for two such looks, so that a restart of the egress gateway or the database fails nobody.
    public var unreachableTimeout = Duration.milliseconds(1200)

    /// The most reads under way. A second one begins only while the first is slow: see ``stagger``.
    public var concurrentReads = 8

    /// How long requests wait for a read under way before another begins beside it. With ``concurrentReads`` of these a
    /// slow database still answers every request after one stagger and one read.
    public var stagger = Duration.milliseconds(250)

    /// A read that at least this many requests shared is followed by a pause as long as itself, or until as many wait again:
    /// so more requests share the next read, and the database is asked half of the time.
    public var manyRequests = 4

    /// The most that such a pause adds to a request's time.
    public var longestPause = Duration.milliseconds(1)

    /// The pause between reads that watch for the end of an outage.
    public var outageReadInterval = Duration.milliseconds(250)

    /// The same where a server that is alive refuses our connections: what it costs both sides is far more than nothing.
    public var refusalInterval = Duration.seconds(1)

    /// After this long an outage in which no server answers its heartbeats is watched by these alone: the driver makes half as
    /// many attempts while no read waits.
    public var closeWatch = Duration.seconds(10)

    /// How long after the last request an outage is watched. After that the next request reads for itself.
    public var outageWatch = Duration.seconds(10)

    public init() {}

    /// Limits that answer a request before `milliseconds` have passed for its client: a tenth is left for the way there
    /// and back on a busy machine.
    public init(requestTimeoutMS milliseconds: Int32) {
        requestTimeout = .milliseconds(Int64(milliseconds) * 9 / 10)
        unreachableTimeout = .milliseconds(Int64(milliseconds) * 60 / 100)
    }
}
