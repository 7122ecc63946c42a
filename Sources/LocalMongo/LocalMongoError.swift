/// What went wrong around a local MongoDB, in one sentence for a person.
public struct LocalMongoError: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
