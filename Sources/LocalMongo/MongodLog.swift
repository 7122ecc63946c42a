import Foundation

/// The end of mongod's log, for a person who wants to know why it did not start.
///
/// A line is a JSON object with a severity `s`, a message `msg` and its `attr`
/// (<https://www.mongodb.com/docs/v6.0/reference/log-messages/>).
struct MongodLog {
    var paths: [String]

    /// The last errors, or the last lines where none is marked as an error.
    func lastReasons() -> String {
        let lines = paths.flatMap { path in
            ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: "\n")
        }
        let errors = lines.filter { !$0.hasPrefix("{") || $0.contains(#""s":"E""#) || $0.contains(#""s":"F""#) }
        let reasons = errors.isEmpty ? lines.suffix(5) : errors.suffix(5)
        return reasons.isEmpty ? "(empty)" : reasons.joined(separator: "\n")
    }
}
