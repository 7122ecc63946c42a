/// Why a program could not be started, in one sentence.
public struct ProcessError: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
