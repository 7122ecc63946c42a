/// What one measurement gave.
struct Load: Sendable {
    var perSecond: Double
    var median: Duration
    var percentile99: Duration
}

extension [Load] {
    /// The one in the middle by requests per second; nil where there is none.
    var median: Load? {
        isEmpty ? nil : sorted { $0.perSecond < $1.perSecond }[count / 2]
    }
}
