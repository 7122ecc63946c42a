import Testing

@testable import RatingsService

@Suite struct JavaScriptNumberTests {
    private static let jsonCases: [(Double, String)] = [
        (5.0, "5"), (-5.0, "-5"), (4.5, "4.5"), (0.1 + 0.2, "0.30000000000000004"), (100, "100"), (-0.0, "0"),
        (1e20, "100000000000000000000"), (1e21, "1e+21"), (1.5e21, "1.5e+21"), (123_456_789.125, "123456789.125"),
        (1.797_693_134_862_315_7e308, "1.7976931348623157e+308"), (.leastNonzeroMagnitude, "5e-324"),
        (0.000001, "0.000001"),
        (0.0000001, "1e-7"), (0.00000123, "0.00000123"), (-1.5e-9, "-1.5e-9"), (0.05, "0.05"),
        (999_999_999_999_999, "999999999999999"), (1e15, "1000000000000000"),
        (9_007_199_254_740_992, "9007199254740992"),
        (.nan, "null"), (.infinity, "null"), (-.infinity, "null"),
    ]

    @Test(arguments: jsonCases)
    func json(number: Double, text: String) {
        #expect(JavaScriptNumber.json(number) == text)
    }

    /// Whatever the notation, it must read back as the same number.
    @Test func readsBack() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<10_000 {
            let number = Double(bitPattern: random.next())
            guard number.isFinite else { continue }
            #expect(Double(JavaScriptNumber.json(number)) == number)
        }
    }
}
