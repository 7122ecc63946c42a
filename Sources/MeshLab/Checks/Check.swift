/// One thing that a configuration has to show, and whether it did.
public struct Check: Sendable, Codable {
    public var configuration: String
    public var name: String
    public var isPassed: Bool
    /// What was seen or measured, or what went wrong.
    public var detail: String
    public var seconds: Double
}
