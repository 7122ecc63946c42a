import Foundation
import LocalMongo
import MongoClient
import Options

/// What the database holds for a test.
struct TestData: Sendable {
    private enum Source: Sendable {
        case documents([String])
        case file(String)
    }

    private let source: Source

    /// - Parameters:
    ///   - stars: as in `5,4`; nil where nobody names some.
    ///   - file: of JSON lines.
    ///   - isEmpty: whether there is nothing.
    init(stars: String?, file: String?, isEmpty: Bool) throws(UsageError) {
        guard [stars != nil, file != nil, isEmpty].count(where: \.self) <= 1 else {
            throw UsageError("--ratings, --documents and --empty exclude each other")
        }
        if let file {
            source = .file(file)
        } else if isEmpty {
            source = .documents([])
        } else {
            let stars = stars ?? "1,1"
            let numbers = stars.split(separator: ",", omittingEmptySubsequences: false)
            guard numbers.allSatisfy({ Double($0)?.isFinite == true && JSONDocument("{\"rating\": \($0)}") != nil })
            else {
                throw UsageError("--ratings is \(stars): give numbers, as in 5,4")
            }
            source = .documents(numbers.map { "{\"rating\": \($0)}" })
        }
    }

    /// Each in Extended JSON.
    ///
    /// - Throws: ``LocalMongoError`` where the file cannot be read, or a line of it is no document.
    func documents() throws -> [String] {
        switch source {
        case .documents(let documents): return documents
        case .file(let path):
            guard let data = FileManager.default.contents(atPath: path) else {
                throw LocalMongoError("cannot read \(path): \(String(cString: strerror(errno)))")
            }
            let lines = String(decoding: data, as: UTF8.self).split(
                omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            return try lines.enumerated().compactMap { index, line in
                guard line.contains(where: { !$0.isWhitespace }) else { return nil }
                guard JSONDocument(String(line)) != nil else {
                    throw LocalMongoError("\(path), line \(index + 1): no document of Extended JSON")
                }
                return String(line)
            }
        }
    }
}
