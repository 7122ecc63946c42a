/// Where this service deliberately answers otherwise than the original did, and why. The README lists the same.
struct Difference: Sendable {
    let name: String
    let status: Int
    let body: String
    let reason: String

    static let all = [
        Difference(
            name: "pipelined: GET close then GET", status: 200, body: Body.ratings("1"),
            reason: "the original loses the answer to the first request when bytes follow one that says close")
    ]

    static func of(_ name: String) -> Difference? { all.first { $0.name == name } }
}
