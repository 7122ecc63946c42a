import Foundation
import Processes

/// Kubernetes' own reading of YAML: `kubectl label --local` prints what it was given as JSON, and needs no server for it.
enum KubernetesYAML {
    /// Reads the documents of a text, in their order; empty ones are left out.
    ///
    /// kubectl adds `labels: {}` to the metadata of each, takes a label named `none` out, and puts the items of a List in its
    /// place.
    ///
    /// - Parameter kubectl: the program.
    /// - Throws: ``LabError`` with kubectl's own words, as for a document without a kind.
    static func read(_ yaml: String, kubectl: String) async throws -> [JSON] {
        let result = try await CompletedProcess.run(
            kubectl, ["label", "--local", "--filename", "-", "none-", "--output", "json"],
            // A broken configuration of the person's own is none of the lab's business.
            environment: ["KUBECONFIG": "/dev/null"], input: yaml)
        guard result.status.isSuccess else {
            throw LabError("kubectl cannot read this YAML: \(result.standardError)")
        }
        return try objects(in: result.standardOutput)
    }

    /// kubectl prints one object after the other, indented, so that only an object's own last line is a brace alone.
    static func objects(in text: String) throws -> [JSON] {
        var objects: [JSON] = []
        var lines: [Substring] = []
        for line in text.split(separator: "\n") {
            lines.append(line)
            guard line == "}" else { continue }
            objects.append(try JSONDecoder().decode(JSON.self, from: Data(lines.joined(separator: "\n").utf8)))
            lines = []
        }
        guard lines.isEmpty else { throw LabError("kubectl's output ends within an object: \(lines.suffix(3))") }
        return objects
    }
}
