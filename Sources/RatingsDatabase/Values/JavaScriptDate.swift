/// A moment, in milliseconds since 1970, as a JavaScript `Date`.
struct JavaScriptDate {
    let milliseconds: Int64

    /// What `toISOString` gives; `nil` beyond 100,000,000 days, where JavaScript has no date (ECMA-262,
    /// <https://tc39.es/ecma262/#sec-date.prototype.toisostring>, <https://tc39.es/ecma262/#sec-timeclip>).
    var isoString: String? {
        guard milliseconds.magnitude <= 8_640_000_000_000_000 else { return nil }
        let (days, time) = milliseconds.dividedDown(by: 86_400_000)
        let (year, month, day) = Self.date(days)
        let hours = "\(padded(time / 3_600_000, 2)):\(padded(time / 60_000 % 60, 2)):\(padded(time / 1000 % 60, 2))"
        return "\(Self.yearText(year))-\(padded(month, 2))-\(padded(day, 2))T\(hours).\(padded(time % 1000, 3))Z"
    }

    private static func yearText(_ year: Int64) -> String {
        (0...9999).contains(year) ? padded(year, 4) : (year < 0 ? "-" : "+") + padded(abs(year), 6)
    }

    /// The date of a day, counted from 1970-01-01. A year is thought to begin in March, so that the leap day is its last one;
    /// 400 years are one era.
    private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, day) = (days + 719_468).dividedDown(by: 146_097)
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
        let dayOfYear = day - (365 * year + year / 4 - year / 100)
        let month = (5 * dayOfYear + 2) / 153
        let isAfterDecember = month >= 10
        return (
            era * 400 + year + (isAfterDecember ? 1 : 0), month + (isAfterDecember ? -9 : 3),
            dayOfYear - (153 * month + 2) / 5 + 1
        )
    }
}

private func padded(_ number: Int64, _ count: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, count - digits.count)) + digits
}

extension Int64 {
    /// The quotient rounded down, and the remainder, which is not negative.
    fileprivate func dividedDown(by divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
