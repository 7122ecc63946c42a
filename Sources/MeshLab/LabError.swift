/// Something that keeps the lab from going on, in one sentence for a person.
public struct LabError: Error, CustomStringConvertible {
    public var description: String

    public init(_ description: String) {
        self.description = description
    }
}
