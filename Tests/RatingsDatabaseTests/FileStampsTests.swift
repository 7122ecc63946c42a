import Foundation
import Testing

@testable import RatingsDatabase

@Suite
struct FileStampsTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("stamps-\(UUID())")
    private var path: String { folder.appendingPathComponent("ca.pem").path }

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for version in ["old", "new"] {
            let version = folder.appendingPathComponent(version)
            try FileManager.default.createDirectory(at: version, withIntermediateDirectories: true)
            try Data("a CA".utf8).write(to: version.appendingPathComponent("ca.pem"))
        }
        try link("old", as: "..data")
        try link("..data/ca.pem", as: "ca.pem")
    }

    private func link(_ target: String, as name: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: folder.appendingPathComponent(name).path, withDestinationPath: target)
    }

    private func changes(_ change: () throws -> Void) throws -> Bool {
        defer { try? FileManager.default.removeItem(at: folder) }
        let before = FileStamps(of: [path, "/nonexistent"])
        try change()
        return FileStamps(of: [path, "/nonexistent"]) != before
    }

    @Test func areTheSameWhereNothingHappened() throws {
        #expect(try !changes {})
    }

    @Test func tellASwapOfTheVolume() throws {
        #expect(
            try changes {
                try link("new", as: "..data_tmp")
                let names = ["..data_tmp", "..data"].map { folder.appendingPathComponent($0).path }
                try #require(rename(names[0], names[1]) == 0)
            })
    }

    @Test func tellAFileWrittenAnew() throws {
        #expect(try changes { try Data("another CA".utf8).write(to: URL(fileURLWithPath: path)) })
    }

    @Test func tellAFileThatIsGone() throws {
        #expect(try changes { try FileManager.default.removeItem(atPath: path) })
    }
}
