import Testing

@testable import RatingsService

@Suite struct JSONValidatorTests {
    @Test(arguments: [
        "{}", "[]", " {} ", "\"x\"", "null", "true", "false", "0", "-0", "-1.5e+10", "1E5", "[1,2,[3]]", "\t\r\n1\n",
        #"{"a":1,"a":2}"#, #"{"a":{"b":[{},[],""]}}"#, #""\ud800""#, #""\"\\\/\b\f\n\r\t\u00e9""#, "\"\u{e9}\u{2028}\"",
        "[ [ ] , { } ]", "{ \"a\" : [ 1 , 2 ] , \"b\" : null }", "\"\u{7f}\"",
    ])
    func valid(text: String) {
        #expect(JSONValidator.isValid(Array(text.utf8)))
    }

    @Test(arguments: [
        "", " ", "{'a':1}", "NaN", "undefined", "01", ".5", "1.", "+1", "-", "1e", "--1", "{\"a\":1} x", "[1,]", "{,}",
        "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1 2]", "[", "]", "{", "}", "[}", "{]", "\"x", "\"\\x\"", "\"\\u12g4\"",
        "\"\n\"",
        "tru", "nul", "truex", "a=1&b=2", "{1:2}", "{\"a\":1 \"b\":2}", "\u{feff}{}", "[[]", "//", "\"\\u12",
    ])
    func invalid(text: String) {
        #expect(!JSONValidator.isValid(Array(text.utf8)))
    }

    @Test func invalidUTF8OutsideAString() {
        #expect(!JSONValidator.isValid([0xff]))
    }

    /// The original's parser has no limit that a body of the allowed size can reach; ours has no stack to overflow.
    @Test func deepNesting() {
        let half = RatingsResponder.maximumBodySize / 2
        let brackets = [UInt8](repeating: UInt8(ascii: "["), count: half)
        #expect(JSONValidator.isValid(brackets + [UInt8](repeating: UInt8(ascii: "]"), count: half)))
        #expect(!JSONValidator.isValid(brackets))
    }
}
