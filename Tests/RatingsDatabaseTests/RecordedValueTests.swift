import Foundation
import RecordedValues
import Testing

@testable import RatingsDatabase
@testable import RatingsService

/// What the original answered for 1,788 contents of the collection, from the documents' bytes to those of the answer.
@Suite struct RecordedValueTests {
    @Test func answersAsTheOriginal() async throws {
        let values = try await RecordedValue.all()
        #expect(values.count == 1788)
        for value in values {
            let here = Result { () throws(RatingsUnavailable) in try Self.ratings(value.documents) }
            switch (here, value.ratings) {
            case (.success(let ratings), let expected?):
                let body = Array(",\"ratings\":\(expected)}".utf8)
                #expect(
                    ratings.bodyEnd == body,
                    "\(value.id) \(value.note): \(String(decoding: ratings.bodyEnd.prefix(1000), as: UTF8.self))")
            case (.failure(let fault), nil):
                #expect(fault.step == .load, "\(value.id) \(value.note): \(fault)")
            default:
                Issue.record("\(value.id) \(value.note): \(here), original: \(value.ratings ?? "500")")
            }
        }
    }

    private static func ratings(_ documents: [Data]) throws(RatingsUnavailable) -> Ratings {
        let values = documents.prefix(2).map { document in
            document.withUnsafeBytes { bytes in
                Result { () throws(BSONFault) in try RatingField.json(in: bytes) }
            }
        }
        return Ratings(
            reviewer1: try MongoRatingsRepository.rating(0, of: values),
            reviewer2: try MongoRatingsRepository.rating(1, of: values))
    }
}
