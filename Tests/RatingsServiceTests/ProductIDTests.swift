import Testing

@testable import RatingsService

/// What the original (JavaScript's `parseInt` after the last slash) made of these targets, recorded from it.
@Suite struct ProductIDTests {
    private static let numberCases: [(String, String)] = [
        ("/ratings/0", "0"), ("/ratings/-0", "0"), ("/ratings/-1", "-1"), ("/ratings/+5", "5"), ("/ratings/007", "7"),
        ("/ratings/12abc", "12"), ("/ratings/1e3", "1"), ("/ratings/1_000", "1"), ("/ratings/1.9", "1"),
        ("/ratings/0x10", "16"), ("/ratings/0X1f", "31"), ("/ratings/0x1g", "1"), ("/ratings/-0x10", "-16"),
        ("/ratings/0o17", "0"), ("/ratings/1?x=2", "1"), ("/ratings/1?x=/2", "2"), ("/ratings/abc?x=/5", "5"),
        ("/ratings/1#/9", "9"), ("/ratings/1\\2", "1"), ("/ratings\\/1", "1"), ("/ratings\\1/2", "2"),
        ("https://u:p@h:1/ratings/7", "7"),
        ("/ratings/9007199254740993", "9007199254740992"), ("/ratings/18446744073709551616", "18446744073709552000"),
        ("/ratings/123456789012345678901", "123456789012345680000"), ("/ratings/1000000000000000000000", "1e+21"),
        ("/ratings/0x1fffffffffffff8", "144115188075855870"), ("/ratings/0x20000000000001", "9007199254740992"),
        ("/ratings/0xfffffffffffffffffffffff", "4.951760157141521e+27"),
        ("/ratings/" + String(repeating: "9", count: 308), "1e+308"),
        ("/ratings/" + String(repeating: "9", count: 309), "null"),
        ("/ratings/" + String(repeating: "1", count: 15_000), "null"),
    ]

    @Test(arguments: numberCases)
    func number(target: String, json: String) {
        #expect(ProductID(target: Array(target.utf8))?.json == json)
    }

    @Test(arguments: [
        "/ratings\\", "/ratings\\1", "/ratings/", "/ratings/abc", "/ratings/.5", "/ratings/Infinity", "/ratings/%31",
        "/ratings/-", "/ratings/--1",
        "/ratings/1?x=/", "/ratings/?1", "/ratings//", "/ratings/{1}", "/ratings/0x", "/ratings/\u{e9}1", "",
    ])
    func noNumber(target: String) {
        #expect(ProductID(target: Array(target.utf8)) == nil)
    }
}
