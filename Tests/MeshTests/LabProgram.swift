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
        struct File: Decodable {
            struct Configuration: Decodable { var name: String }
            var configurations: [Configuration]
        }
        guard let repository = try? Tools.repository(),
            let text = FileManager.default.contents(atPath: "\(repository)/bookinfo/egress/expectations.json"),
            let file = try? JSONDecoder().decode(File.self, from: text)
        else { return [] }
        return file.configurations.map(\.name)
    }()
}
