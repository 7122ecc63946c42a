import Foundation
import Yams

/// The database, as `bookinfo/egress/parameters/database.yaml` describes it to every configuration.
public struct Parameters: Sendable, Codable {
    public var namespace: String
    public var host: String
    public var port: Int
    public var address: String
    public var wildcard: String
    public var members: [String]
    public var resolver: String

    /// - Parameter repository: the folder that holds `bookinfo`.
    public static func load(from repository: String) throws -> Parameters {
        struct File: Decodable { var spec: Parameters }
        let path = "\(repository)/bookinfo/egress/parameters/database.yaml"
        do {
            return try YAMLDecoder().decode(File.self, from: String(contentsOfFile: path, encoding: .utf8)).spec
        } catch {
            throw LabError("cannot read \(path): \(error)")
        }
    }
}
