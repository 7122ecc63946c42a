/// The bytes of a request's target, field names and field values, or those of its trailers; what separates them does not
/// count. Node's `maxHeaderSize` counts the same.
struct FieldSize: Sendable {
    /// Where a request is refused.
    static let limit = 16 << 10

    private var bytes = 0

    mutating func add(_ count: Int) {
        bytes &+= count
    }

    var isTooLarge: Bool { bytes >= Self.limit }
}
