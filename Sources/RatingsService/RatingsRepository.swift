/// Where the ratings come from. The HTTP side knows no more of the database than this.
public protocol RatingsRepository: Sendable {
    /// The ratings as the database holds them at a moment after this call began, within the request time-out.
    ///
    /// - Throws: ``RatingsUnavailable``, within the same time.
    func ratings() async throws(RatingsUnavailable) -> Ratings
}
