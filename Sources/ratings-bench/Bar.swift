/// A limit that the service is to keep, as a ratio or a time of the same run.
struct Bar {
    var name: String
    var value: Double
    /// The least or the most that meets it.
    var limit: Limit
    var unit = ""

    enum Limit {
        case atLeast(Double)
        case moreThan(Double)
        case atMost(Double)
    }

    var isMet: Bool {
        switch limit {
        case .atLeast(let limit): value >= limit
        case .moreThan(let limit): value > limit
        case .atMost(let limit): value <= limit
        }
    }

    var words: String {
        switch limit {
        case .atLeast(let limit): "at least \(limit.text(digits: 2))\(unit)"
        case .moreThan(let limit): "more than \(limit.text(digits: 2))\(unit)"
        case .atMost(let limit): "at most \(limit.text(digits: 2))\(unit)"
        }
    }
}
