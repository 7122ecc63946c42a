/// The id of a product (a book), as the original takes it from a request target: whatever JavaScript's `parseInt` reads
/// after the last slash.
public struct ProductID: Equatable, Sendable {
    private let number: Double

    /// - Parameter target: the raw request target (RFC 9112, section 3.2), with its query and nothing decoded.
    /// - Returns: `nil` where the original finds no number.
    public init?(target: String) {
        let afterLastSlash = target.utf8.lastIndex(of: UInt8(ascii: "/")).map { target.utf8.index(after: $0) }
        guard let number = JavaScriptNumber.parseInt(target[(afterLastSlash ?? target.startIndex)...]) else {
            return nil
        }
        self.number = number
    }

    /// The number in JavaScript's notation; `null` where it is too large for a double.
    var json: String { JavaScriptNumber.json(number) }
}
