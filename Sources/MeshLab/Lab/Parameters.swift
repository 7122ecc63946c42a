import Foundation

/// The database, as `bookinfo/egress/parameters/database.yaml` describes it to every configuration.
public struct Parameters: Sendable, Codable {
    public var namespace: String
    public var host: String
    public var port: Int
    public var address: String
    public var wildcard: String
    public var members: [String]
    public var resolver: String

    /// - Parameters:
    ///   - repository: the folder that holds `bookinfo`.
    ///   - kubectl: the program; as ``Tools`` finds it where nothing is named.
    public static func load(from repository: String, kubectl: String? = nil) async throws -> Parameters {
        struct File: Decodable { var spec: Parameters }
        let path = "\(repository)/bookinfo/egress/parameters/database.yaml"
        do {
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let documents = try await KubernetesYAML.read(text, kubectl: kubectl ?? Tools.kubectl(in: repository))
            guard documents.count == 1 else { throw LabError("one document was expected") }
            return try documents[0].decode(File.self).spec
        } catch {
            throw LabError("cannot read \(path): \(error)")
        }
    }
}
