import Foundation
import Processes

/// What a collection held, and the ratings in the answer of the original ratings v2 (Node 20.20.2, js-bson 1.1.6, mongod
/// 6.0.5). `values.jsonl.gz` holds them, one in a line, but for the kinds that the README's "Differences" names.
public struct RecordedValue: Decodable, Sendable {
    public let id: String
    /// What it shows.
    public let note: String
    /// BSON, in natural order.
    public let documents: [Data]
    /// The value of `ratings` in the answer's body; `nil` for 500 "could not load".
    public let ratings: String?

    /// What stands before the number in the id: the kind of values.
    public var family: Substring { id.prefix { $0 != "-" } }

    /// All of them.
    ///
    /// - Throws: where the file cannot be read.
    public static func all() async throws -> [RecordedValue] {
        let file = Bundle.module.bundleURL.appendingPathComponent("values.jsonl.gz")
        let text = try await CompletedProcess.run("gzip", ["-dc", file.path]).standardOutput
        return try text.utf8.split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(RecordedValue.self, from: Data($0))
        }
    }
}
