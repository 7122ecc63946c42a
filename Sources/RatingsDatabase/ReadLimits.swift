/// The bounds of ``SharedReads``.
public struct ReadLimits: Sendable {
    /// How long a request may wait for its answer.
    public var requestTimeout = Duration.milliseconds(1800)

    /// The same while no server of the database answers its heartbeats. Long enough to outlast a restart of the egress
    /// gateway, short enough for a caller to know of an outage within a second.
    public var unreachableTimeout = Duration.milliseconds(700)

    /// The most reads under way. A second one begins only while the first is slow: see ``stagger``.
    public var concurrentReads = 8

    /// How long requests wait for a read under way before another begins beside it. With ``concurrentReads`` of these a
    /// slow database still answers every request after one stagger and one read.
    public var stagger = Duration.milliseconds(250)

    /// A read that at least this many requests shared is followed by a pause as long as itself, so that the database is
    /// asked half of the time, and more requests share the next read.
    public var manyRequests = 4

    /// The most that such a pause adds to a request's time.
    public var longestPause = Duration.milliseconds(1)

    /// The pause between reads that watch for the end of an outage.
    public var outageReadInterval = Duration.milliseconds(250)

    /// How long after the last request an outage is watched. After that the next request reads for itself.
    public var outageWatch = Duration.seconds(10)

    public init() {}

    /// Limits that answer a request before `milliseconds` have passed for its client: a tenth is left for the way there
    /// and back on a busy machine.
    public init(requestTimeoutMS milliseconds: Int32) {
        requestTimeout = .milliseconds(Int64(milliseconds) * 9 / 10)
        unreachableTimeout = .milliseconds(Int64(milliseconds) * 35 / 100)
    }
}
