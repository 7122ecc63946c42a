import Testing

@testable import RatingsService

@Suite struct RatingsTests {
    private static let values: [(RatingValue, String)] = [
        (.integer(5), "5"),
        (.integer(-1), "-1"),
        (.integer(1 << 53), "9007199254740992"),
        (.integer((1 << 53) + 1), "\"9007199254740993\""),
        (.integer(.min), "\"-9223372036854775808\""),
        (.integer(-(1 << 53) - 1), "\"-9007199254740993\""),
        (.number(5), "5"),
        (.number(4.5), "4.5"),
        (.number(.nan), "null"),
        (.bool(true), "true"),
        (.bool(false), "false"),
        (.null, "null"),
        (.string("5"), "\"5\""),
        (.string("\"\\/\u{8}\u{c}\n\r\t\u{1}\u{1f}"), #""\"\\/\b\f\n\r\t\u0001\u001f""#),
        (.string("\u{7f}\u{e9}\u{20ac}\u{1f600}\u{2028}"), "\"\u{7f}\u{e9}\u{20ac}\u{1f600}\u{2028}\""),
        (.string("\0"), #""\u0000""#),
        (.json(#"{ "a" : 1 }"#), #"{ "a" : 1 }"#),
    ]

    @Test(arguments: values)
    func value(_ value: RatingValue, json: String) {
        #expect(value.json == json)
    }

    @Test func aMissingRatingLeavesItsKeyOut() {
        #expect(Ratings(reviewer1: .integer(4), reviewer2: nil).bodyEnd == Array(#","ratings":{"Reviewer1":4}}"#.utf8))
        #expect(Ratings(reviewer1: nil, reviewer2: .integer(4)).bodyEnd == Array(#","ratings":{"Reviewer2":4}}"#.utf8))
        #expect(Ratings(reviewer1: nil, reviewer2: nil).bodyEnd == Array(#","ratings":{}}"#.utf8))
    }
}
