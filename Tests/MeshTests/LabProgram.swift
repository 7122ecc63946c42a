import Foundation
import LocalMongo
import MeshLab

/// The command `mesh`, built beside the tests, and the repository's own files.
enum LabProgram {
    static func path() throws -> String {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let path = (own as NSString).deletingLastPathComponent + "/mesh"
        guard access(path, X_OK) == 0 else { throw LabError("\(path) is not built: swift build --product mesh") }
        return path
    }

    /// The configurations' names; empty where the file cannot be read, which a test of its own reports.
    static let configurations: [String] = {
        guard let repository = try? Tools.repository(), let parameters = try? Parameters.load(from: repository) else {
            return []
        }
        return (try? Expectations.load(from: repository, parameters).configurations.map(\.name)) ?? []
    }()
}
