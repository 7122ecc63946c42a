import Glibc

/// The text of a `Date` field, made anew once a second (RFC 9110, section 5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`).
public struct HTTPDate: Sendable {
    private var second: time_t?
    private var bytes: [UInt8] = []

    public init() {}

    /// The date now, by the wall clock: nothing else tells when the second is over, or that somebody set the clock.
    public mutating func now() -> [UInt8] {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return text(at: time.tv_sec)
    }

    /// - Parameter second: since 1970, in UTC.
    mutating func text(at second: time_t) -> [UInt8] {
        if second != self.second {
            self.second = second
            bytes = Self.text(of: second)
        }
        return bytes
    }

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Without strftime(3), whose names are those of the process's locale.
    private static func text(of second: time_t) -> [UInt8] {
        var second = second
        var parts = tm()
        gmtime_r(&second, &parts)
        let day = days[Int(parts.tm_wday)]
        let month = months[Int(parts.tm_mon)]
        let time = [parts.tm_hour, parts.tm_min, parts.tm_sec].map(twoDigits).joined(separator: ":")
        return Array("\(day), \(twoDigits(parts.tm_mday)) \(month) \(1900 + Int(parts.tm_year)) \(time) GMT".utf8)
    }

    private static func twoDigits(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
