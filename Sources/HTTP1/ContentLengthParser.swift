/// The value of `Content-Length` (RFC 9110, section 8.6): digits, and spaces behind them.
struct ContentLengthParser: Sendable {
    private(set) var value: UInt64 = 0
    private var hasDigits = false
    private var hasEnded = false

    /// - Returns: whether the value can go on like this.
    mutating func read(_ byte: UInt8) -> Bool {
        if byte == .space, hasDigits {
            hasEnded = true
            return true
        }
        guard byte.isDigit, !hasEnded else { return false }
        hasDigits = true
        let (tens, tensOverflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, sumOverflow) = tens.addingReportingOverflow(UInt64(byte &- UInt8(ascii: "0")))
        value = sum
        return !tensOverflow && !sumOverflow
    }

    /// Whether there was a value.
    var isComplete: Bool { hasDigits }
}
