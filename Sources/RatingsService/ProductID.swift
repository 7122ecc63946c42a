/// The id of a product (a book), as the original takes it from a request target: whatever JavaScript's `parseInt` reads
/// after the last slash; a backslash is none here, other than in a ``Route``.
struct ProductID: Equatable, Sendable {
    private let number: Double

    /// - Parameter target: the raw request target (RFC 9112, section 3.2), with its query and nothing decoded.
    /// - Returns: `nil` where the original finds no number.
    init?(target: [UInt8]) {
        let lastSlash = target.lastIndex(of: UInt8(ascii: "/"))
        guard let number = JavaScriptNumber.parseInt(target[(lastSlash.map { $0 + 1 } ?? 0)...]) else { return nil }
        self.number = number
    }

    /// The number in JavaScript's notation; `null` where it is too large for a double.
    var json: String { JavaScriptNumber.json(number) }
}
