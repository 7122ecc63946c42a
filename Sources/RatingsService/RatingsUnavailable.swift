/// Why there are no ratings: the two faults that Bookinfo's callers know.
public struct RatingsUnavailable: Error, Equatable, Sendable {
    public enum Step: Sendable {
        /// No usable connection to the database.
        case connect
        /// Connected, but the ratings could not be read.
        case load
    }

    public let step: Step

    /// The driver's or the server's own words, for the log; without secrets.
    public let reason: String

    /// What to do, where the cause is known and nobody needs to look for it; `nil` otherwise.
    public let adviceWithoutLooking: String?

    /// Whether the database answers heartbeats and refuses the service's own connections, as one does whose limit of connections
    /// is reached or whose password is another: a further attempt costs both sides a handshake, or the hashing of a password.
    public let isRefusal: Bool

    public init(step: Step, reason: String, adviceWithoutLooking: String? = nil, isRefusal: Bool = false) {
        self.step = step
        self.reason = reason
        self.adviceWithoutLooking = adviceWithoutLooking
        self.isRefusal = isRefusal
    }
}
