/// What one measurement gave.
struct Load: Sendable {
    var perSecond: Double
    var median: Duration
    var percentile99: Duration
}
