import Testing

@testable import RatingsService

@Suite struct RatingsTests {
    private let four = Array("4".utf8)
    private let text = Array("\"\u{20ac}\"".utf8)

    @Test func bothInOrder() {
        #expect(
            Ratings(reviewer1: four, reviewer2: text).bodyEnd
                == Array(",\"ratings\":{\"Reviewer1\":4,\"Reviewer2\":\"\u{20ac}\"}}".utf8))
    }

    @Test func aMissingRatingLeavesItsKeyOut() {
        #expect(Ratings(reviewer1: four, reviewer2: nil).bodyEnd == Array(#","ratings":{"Reviewer1":4}}"#.utf8))
        #expect(Ratings(reviewer1: nil, reviewer2: four).bodyEnd == Array(#","ratings":{"Reviewer2":4}}"#.utf8))
        #expect(Ratings(reviewer1: nil, reviewer2: nil).bodyEnd == Array(#","ratings":{}}"#.utf8))
    }
}
