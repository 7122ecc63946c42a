/// Why a program could not be started, in one sentence.
public struct ProcessError: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String
    /// What a shell's exit status would be: 127 where there is no such program, 126 where there is and it cannot be run.
    public let shellStatus: Int32

    public init(_ description: String, shellStatus: Int32 = 126) {
        self.description = description
        self.shellStatus = shellStatus
    }
}
