import Testing

@testable import RatingsService

@Suite struct RouteTests {
    @Test(arguments: [
        "/ratings/0", "/ratings/", "/ratings//", "/ratings/../health", "/ratings/a?b", "http://h/ratings/1",
        "https://u:p@h:1/ratings/7", "http:///ratings/1", "http://[::1]/ratings/1", "http://a:99999/ratings/1",
        "/ratings\\1", "/ratings\\", "/ratings\\/1",
    ])
    func ratings(target: String) {
        #expect(Route(target: Array(target.utf8)) == .ratings)
    }

    @Test(arguments: ["/health", "/health?x", "/health#a", "/health?x=1&y=%zz", "http://h/health"])
    func health(target: String) {
        #expect(Route(target: Array(target.utf8)) == .health)
    }

    @Test(arguments: [
        "/", "*", "", "/ratings", "/RATINGS/0", "/ratingsx", "/./ratings/0", "/x/../ratings/1", "//h/ratings/1",
        "/Health", "/\\ratings/1", "/rat\\ings/1", "/health\\",
        "/health/", "/health/x", "//health", "/%68ealth", "/?/ratings/1", "http://example.com", "http://h?/ratings/1",
        "localhost:80",
    ])
    func nothing(target: String) {
        #expect(Route(target: Array(target.utf8)) == nil)
    }
}
