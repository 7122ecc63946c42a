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

    public init(step: Step, reason: String) {
        self.step = step
        self.reason = reason
    }
}
