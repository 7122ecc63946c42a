import Foundation
import Processes
import SeededRandom
import Testing

@testable import RatingsDatabase

/// Generated documents, beside js-bson itself: Debian's node-mongodb has version 1.1.5, which answers every recorded case as
/// the original does.
@Suite struct JSBSONTests {
    @Test func writesWhatJSBSONWrites() async throws {
        var generator = DocumentGenerator(random: SeededGenerator(seed: 13))
        let documents = (0..<4000).map { _ in generator.document() }
        let theirs = try await answers(to: documents)
        let ours = documents.map(answer)
        var refused = 0
        for (index, document) in documents.enumerated() {
            #expect(ours[index] == theirs[index], "\(document.hexadecimal)")
            if theirs[index] == "refused" { refused += 1 }
        }
        #expect((10...400).contains(refused), "\(refused) of 4,000 are refused: the generator shows too little")
        #expect(Set(theirs).count > 2000, "the generator repeats itself")
    }

    /// js-bson reads some damaged documents in its own way, which no mongod stores: those are refused here. What is read here it
    /// reads alike.
    @Test func readsNoDamagedDocumentOtherwise() async throws {
        var generator = DocumentGenerator(random: SeededGenerator(seed: 31))
        let documents = (0..<6000).map { _ in generator.damaged() }
        let theirs = try await answers(to: documents)
        var read = 0
        for (document, theirs) in zip(documents, theirs) {
            let ours = answer(document)
            guard ours != "refused", theirs != "regular expression" else { continue }
            read += 1
            #expect(ours == theirs, "\(document.hexadecimal)")
        }
        #expect((500...4000).contains(read), "\(read) of 6,000 are read: the generator shows too little")
    }

    private func answer(_ document: [UInt8]) -> String {
        document.withUnsafeBytes { bytes in
            do {
                let json = try RatingField.json(in: bytes)
                return json.map { "{\"rating\":\(String(validating: $0, as: UTF8.self) ?? "no UTF-8")}" } ?? "{}"
            } catch {
                return "refused"
            }
        }
    }

    private func answers(to documents: [[UInt8]]) async throws -> [String] {
        let program = Bundle.module.bundleURL.appendingPathComponent("Programs/js-bson.js").path
        let advice = "install node and js-bson 1.1: .ci/install-packages test (Debian's nodejs and node-mongodb)"
        let run: CompletedProcess
        do {
            // Debian's modules, where a Node from elsewhere does not look by itself.
            run = try await CompletedProcess.run(
                "node", [program], environment: ["NODE_PATH": "/usr/share/nodejs", "NODE_NO_WARNINGS": "1"],
                input: documents.map { Data($0).base64EncodedString() + "\n" }.joined())
        } catch {
            throw Missing(description: "\(error); \(advice)")
        }
        guard run.status == .exited(0) else { throw Missing(description: "\(run.standardError)\n\(advice)") }
        let lines = run.standardOutput.split(separator: "\n").map(String.init)
        try #require(lines.first?.hasPrefix("1.1.") == true, "js-bson is \(lines.first ?? "silent"); \(advice)")
        try #require(lines.count == documents.count + 1)
        return Array(lines.dropFirst())
    }

    private struct Missing: Error, CustomStringConvertible {
        let description: String
    }
}

extension [UInt8] {
    fileprivate var hexadecimal: String { map { String($0 >> 4, radix: 16) + String($0 & 0xf, radix: 16) }.joined() }
}
