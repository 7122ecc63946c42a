@testable import HTTP1
@testable import MongoClient
@testable import RatingsService

/// What is fuzzed, and what has to hold for every input.
enum FuzzedParts {
    /// The parser of HTTP/1.1: it says the same however the bytes are cut, and events follow each other as they can.
    ///
    /// The first byte of an input says where to cut the rest.
    @Sendable static func requests(_ input: UnsafeRawBufferPointer) {
        let bytes = Array(input.dropFirst())
        let cut = bytes.count * Int(input.first ?? 0) / 256
        let whole = ParserRun([bytes])
        precondition(whole.isWellFormed, "events that cannot follow each other")
        precondition(whole == ParserRun([Array(bytes[..<cut]), Array(bytes[cut...])]), "it depends on the cut")
    }

    /// The validator of JSON: it says the same as another one that sees the whole at once.
    @Sendable static func json(_ input: UnsafeRawBufferPointer) {
        let bytes = Array(input.dropFirst())
        let cut = bytes.count * Int(input.first ?? 0) / 256
        var validator = JSONValidator()
        bytes[..<cut].withUnsafeBytes { validator.read($0) }
        bytes[cut...].withUnsafeBytes { validator.read($0) }
        let isValid = validator.finish()
        // The other one recurses, and knows no limit of levels.
        guard bytes.count(where: { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "{") }) <= 500 else { return }
        precondition(isValid == WholeJSONValidator.isValid(bytes), "two validators do not agree")
    }

    /// The connection string: nothing that is said of one that cannot be used holds its password.
    @Sendable static func url(_ input: UnsafeRawBufferPointer) {
        let text = String(decoding: input, as: UTF8.self)
        do {
            let parts = try ConnectionStringParts(text)
            try parts.check()
            try parts.checkValues()
            _ = parts.unknownOptions
            _ = Redactor(parts).redact(text)
            // What the driver makes of it: it must neither trap nor read beyond the end.
            _ = try? URI(parsing: parts.text)
        } catch {
            precondition(!"\(error)".isEmpty)
        }
    }
}
