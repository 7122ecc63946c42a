import Foundation
import Reviews
import Testing

@Suite(.serialized)
struct StarsTests {
    private let service: URL

    init() throws {
        service = try #require(ProcessInfo.processInfo.environment["RATINGS_URL"].flatMap { URL(string: $0) })
    }

    /// Makes a fault of the database.
    private func fault(_ name: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["ratings-local", "fault", name]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    @Test func stars() async throws {
        let stars = try await Stars.of(product: 0, from: service)
        #expect(stars == Stars(byReviewer: ["Reviewer1": 5, "Reviewer2": 4]))
    }

    @Test func noStarsWithoutARole() async throws {
        try fault("noRole")
        let none = try await Stars.of(product: 0, from: service)
        try fault("none")
        #expect(none == Stars(byReviewer: [:]))
        #expect(try await Stars.of(product: 0, from: service).byReviewer.count == 2)
    }
}
