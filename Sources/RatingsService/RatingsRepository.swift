/// Where the ratings come from. The HTTP side knows no more of the database than this.
///
/// All calls are made on the event loop.
public protocol RatingsRepository: AnyObject {
    /// Asks for the ratings as the database holds them at a moment after this call.
    ///
    /// - Parameter completion: called once, on the event loop, within the request time-out; perhaps before this returns.
    func ratings(_ completion: @escaping (Result<Ratings, RatingsUnavailable>) -> Void)
}
