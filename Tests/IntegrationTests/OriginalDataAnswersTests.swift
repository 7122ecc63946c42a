import Foundation
import LocalMongo
import RecordedValues
import Testing

/// What the original ratings v2 answered for odd contents of the collection; Resources/data.json and `RecordedValues` hold the
/// recorded answers.
extension ChangingDatabase {
    @Suite(.serialized)
    struct OriginalDataAnswers {
        private static let shared = SharedService(on: ChangingDatabase.shared)
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try await Self.shared.run()
        }

        private var service: Service {
            get throws { try Self.shared.service }
        }

        struct Case: Decodable, Sendable, CustomTestStringConvertible {
            var name: String
            /// In Extended JSON.
            var documents: [String]
            var body: String

            var testDescription: String { name }
        }

        @Test(arguments: Resource.decode([Case].self, from: "data.json"))
        func answersAsTheOriginal(_ original: Case) async throws {
            try await ChangingDatabase.database.setRatings(original.documents)
            try await expectAnswer(original.body)
        }

        @Test func collectionMissing() async throws {
            try await ChangingDatabase.database.setRatings([])
            try await ChangingDatabase.database.runCommand(#"{"drop": "ratings"}"#)
            try await expectAnswer(Body.ratings("1", "0", "0"))
        }

        @Test func collectionIsAView() async throws {
            let database = try ChangingDatabase.database
            // It may be missing already.
            _ = try? await database.runCommand(#"{"drop": "ratings"}"#)
            try await database.runCommand(
                #"{"insert": "elsewhere", "documents": [{"rating": 9}, {"rating": 8}, {"rating": 7}]}"#)
            try await database.runCommand(#"{"create": "ratings", "viewOn": "elsewhere", "pipeline": []}"#)
            try await expectAnswer(Body.ratings("1", "9", "8"))
            try await database.runCommand(#"{"drop": "ratings"}"#)
        }

        @Test func firstDocumentDeleted() async throws {
            let database = try ChangingDatabase.database
            try await database.setRatings([#"{"rating": 1}"#, #"{"rating": 2}"#, #"{"rating": 3}"#])
            try await database.runCommand(#"{"delete": "ratings", "deletes": [{"q": {"rating": 1}, "limit": 1}]}"#)
            try await expectAnswer(Body.ratings("1", "2", "3"))
        }

        /// Every type, and a tenth of the others; the unit tests write them all.
        @Test func recordedValues() async throws {
            let values = try await RecordedValue.all()
            let selection = values.enumerated().filter { $1.family == "types" || $0 % 10 == 0 }.map(\.element)
            #expect(selection.count > 350)
            for value in selection {
                try await ChangingDatabase.database.setRatings(bson: value.documents.map { Array($0) })
                let answer = try await service.request().answer
                let body = value.ratings.map { "{\"id\":0,\"ratings\":\($0)}" }
                #expect(answer.status == (body == nil ? 500 : 200), "\(value.id) \(value.note)")
                #expect(answer.body == body ?? Body.cannotLoad, "\(value.id) \(value.note)")
            }
            #expect(try service.log.contains("document 1 of test.ratings: the document is damaged at byte"))
        }

        /// The original asks for all documents. Two need no getMore, so that one that fails does no harm.
        @Test func manyDocuments() async throws {
            let database = try ChangingDatabase.database
            try await database.setRatings((1...1000).map { #"{"rating": \#($0)}"# })
            try await Failpoint.fail(
                .always, #""errorCode": 2"#, commands: ["getMore"], appName: "ratings-v2", on: database)
            try await expectAnswer(Body.ratings("1", "1", "2"))
            try await Failpoint.off(on: database)
        }

        private func expectAnswer(_ body: String) async throws {
            let answer = try await service.request("/ratings/1")
            expect(answer, status: 200, body: body)
        }
    }
}
