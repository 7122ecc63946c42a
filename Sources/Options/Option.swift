/// An option of a tool, such as `--port PORT`, or a flag, such as `--keep`.
public struct Option: Equatable, Sendable {
    /// With its dashes.
    public let name: String
    /// What stands for its value in the help; `nil` for a flag.
    let value: String?
    let defaultValue: String?
    let help: String

    /// An option with a value.
    public init(_ name: String, _ value: String, default defaultValue: String? = nil, help: String) {
        self.name = name
        self.value = value
        self.defaultValue = defaultValue
        self.help = help
    }

    /// A flag.
    public init(_ name: String, help: String) {
        self.name = name
        value = nil
        defaultValue = nil
        self.help = help
    }
}

/// What a tool takes besides its options.
public struct Operand: Equatable, Sendable {
    /// As in the usage.
    let name: String
    let help: String
    /// Whether there may be more than one.
    let isRepeated: Bool

    /// One that may be left out.
    public init(_ name: String, isRepeated: Bool = false, help: String) {
        self.name = name
        self.isRepeated = isRepeated
        self.help = help
    }
}
