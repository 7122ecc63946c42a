import SeededRandom
import Testing

@testable import RatingsService

@Suite struct JSONValidatorTests {
    /// The verdict on a body that comes in pieces.
    private func isValid(_ body: [UInt8], pieces: [Int] = []) -> Bool {
        var validator = JSONValidator()
        var rest = body[...]
        for piece in pieces + [body.count] {
            rest.prefix(piece).withUnsafeBytes { validator.read($0) }
            rest = rest.dropFirst(piece)
        }
        return validator.finish()
    }

    @Test(arguments: [
        "{}", "[]", " {} ", "\"x\"", "null", "true", "false", "0", "-0", "-1.5e+10", "1E5", "[1,2,[3]]", "\t\r\n1\n",
        #"{"a":1,"a":2}"#, #"{"a":{"b":[{},[],""]}}"#, #""\ud800""#, #""\"\\\/\b\f\n\r\t\u00e9""#, "\"\u{e9}\u{2028}\"",
        "[ [ ] , { } ]", "{ \"a\" : [ 1 , 2 ] , \"b\" : null }", "\"\u{7f}\"",
    ])
    func valid(text: String) {
        #expect(isValid(Array(text.utf8)))
    }

    @Test(arguments: [
        "", " ", "{'a':1}", "NaN", "undefined", "01", ".5", "1.", "+1", "-", "1e", "--1", "{\"a\":1} x", "[1,]", "{,}",
        "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1 2]", "[", "]", "{", "}", "[}", "{]", "\"x", "\"\\x\"", "\"\\u12g4\"",
        "\"\n\"",
        "tru", "nul", "truex", "a=1&b=2", "{1:2}", "{\"a\":1 \"b\":2}", "\u{feff}{}", "[[]", "//", "\"\\u12",
    ])
    func invalid(text: String) {
        #expect(!isValid(Array(text.utf8)))
    }

    @Test func invalidUTF8OutsideAString() {
        #expect(!isValid([0xff]))
    }

    @Test func nestingIsBounded() {
        func nested(_ depth: Int) -> [UInt8] {
            Array(repeatElement(UInt8(ascii: "["), count: depth))
                + Array(repeatElement(UInt8(ascii: "]"), count: depth))
        }
        #expect(isValid(nested(4096)))
        #expect(!isValid(nested(4097)))
        #expect(!isValid(nested(500_000)))
        #expect(!isValid(Array(nested(4096).dropLast())))
    }

    /// Thousands of texts, most of them nearly JSON, cut anywhere: the verdict is that on the whole, and that of a parser that
    /// sees the whole text at once.
    @Test func cutAnywhereItSaysTheSame() {
        var random = SeededGenerator(seed: 1)
        var valid = 0
        for _ in 0..<20_000 {
            let body = Array(RandomJSON.text(&random).utf8)
            let expected = WholeJSONValidator.isValid(body)
            let pieces = (0..<Int.random(in: 0...6, using: &random)).map { _ in Int.random(in: 0...9, using: &random) }
            #expect(isValid(body, pieces: pieces) == expected, "\(String(decoding: body, as: UTF8.self)) in \(pieces)")
            if expected { valid += 1 }
        }
        #expect((5000..<15_000).contains(valid), "\(valid) of 20,000 are JSON: the generator shows too little")
    }
}
