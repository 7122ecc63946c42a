import Glibc

enum Timestamp {
    /// The wall clock's time in the local time zone, to the second: `2026-11-23T13:00:00+0000`.
    static var now: String {
        var seconds = time(nil)
        var parts = tm()
        localtime_r(&seconds, &parts)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            guard let start = buffer.baseAddress else { return "" }
            let count = strftime(start, buffer.count, "%Y-%m-%dT%H:%M:%S%z", &parts)
            return count == 0 ? "" : String(cString: start)
        }
    }
}
