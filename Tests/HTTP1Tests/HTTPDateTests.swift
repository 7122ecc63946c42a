import Testing

@testable import HTTP1

@Suite struct HTTPDateTests {
    private static let textCases: [(Int, String)] = [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (1_835_395_199, "Mon, 28 Feb 2028 23:59:59 GMT"), (1_835_395_200, "Tue, 29 Feb 2028 00:00:00 GMT"),
        (1_798_761_599, "Thu, 31 Dec 2026 23:59:59 GMT"), (1_798_761_600, "Fri, 01 Jan 2027 00:00:00 GMT"),
    ]

    @Test(arguments: textCases)
    func text(second: Int, text: String) {
        var date = HTTPDate()
        #expect(String(decoding: date.text(at: second), as: UTF8.self) == text)
    }

    /// The text is kept for a second, and never longer: also where somebody sets the clock back.
    @Test func followsTheClock() {
        var date = HTTPDate()
        _ = date.text(at: 1_000_000_000)
        #expect(String(decoding: date.text(at: 1_000_000_001), as: UTF8.self) == "Sun, 09 Sep 2001 01:46:41 GMT")
        #expect(String(decoding: date.text(at: 999_999_999), as: UTF8.self) == "Sun, 09 Sep 2001 01:46:39 GMT")
    }
}
