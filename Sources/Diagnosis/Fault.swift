import Threads

/// Why a layer failed, in words for the person who has to mend it.
public struct Fault: Error, Sendable, Equatable {
    public let cause: Cause
    /// What was seen, and what it means. No secret.
    public let explanation: String
    /// What to do.
    public let advice: String
    /// One command to look further; `nil` where there is none.
    public let command: String?

    public init(_ cause: Cause, _ explanation: String, advice: String, command: String? = nil) {
        self.cause = cause
        self.explanation = explanation
        self.advice = advice
        self.command = command
    }
}

extension Duration {
    /// In milliseconds with one decimal, such as `0.4`.
    var inMilliseconds: String {
        let tenths = nanoseconds / 100_000
        return tenths >= 1000 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
