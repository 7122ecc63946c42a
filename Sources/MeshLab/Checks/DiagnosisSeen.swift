import Foundation
import LocalMongo
import Processes

/// What `ratings check --json` says in the pod.
struct DiagnosisSeen {
    /// As it was printed.
    let text: String
    /// nil where all layers passed.
    let fault: SeenFault?

    /// What the service's line of an outage ends with.
    static let outage = "cannot connect to ratings database"

    private struct Printed: Decodable {
        struct Layer: Decodable {
            var layer: String
            var status: String
            var cause: String?
            var explanation: String?
        }

        var layers: [Layer]
    }

    /// Runs it as the service's user.
    ///
    /// - Parameter url: a secret; it goes into the environment.
    static func check(_ binary: String, url: String) async throws -> DiagnosisSeen {
        let text = try await output(of: binary, ["check", "--json"], url: url)
        guard let printed = try? JSONDecoder().decode(Printed.self, from: Data(text.utf8)) else {
            throw LabError("ratings check --json printed '\(text)'")
        }
        let failed = printed.layers.first { $0.status == "failed" }
        return DiagnosisSeen(
            text: text,
            fault: failed.map {
                SeenFault(layer: $0.layer, cause: $0.cause ?? "", explanation: normalized($0.explanation ?? ""))
            })
    }

    /// What it prints for a person.
    ///
    /// - Parameter url: nil: the configuration's own connection string.
    static func text(_ lab: Lab, url: String? = nil) async throws -> [String] {
        try await output(of: lab.site.tools.ratings, ["check"], url: url ?? lab.url)
            .split(separator: "\n").map(String.init)
    }

    private static func output(of binary: String, _ arguments: [String], url: String) async throws -> String {
        let output = "\(Isolation.directory)/check-\(UInt32.random(in: 0 ... .max))"
        let process = try await NetworkNamespace.pod.start(
            as: .service, binary, arguments, environment: ["MONGO_DB_URL": url], log: output)
        guard try await process.waitForExit(within: .seconds(10)) != nil else {
            await process.stop(grace: .zero)
            throw LabError("ratings check goes on and on")
        }
        return try String(contentsOfFile: output, encoding: .utf8)
    }

    /// Without milliseconds and the gateway's port; and a connection may end with FIN or RST.
    static func normalized(_ text: String) -> String {
        var text = text
        for (pattern, replacement) in [
            ("[0-9.]+ ms", "N ms"), ("\(Topology.gateway):[0-9]+", "\(Topology.gateway):PORT"),
            // The first is OpenSSL 3.5's, the second 3.0's.
            ("ssl/tls alert handshake", "sslv3 alert handshake"),
            // A mongod without TLS closes at a ClientHello of 3.5, and awaits more of one of 3.0.
            ("TLS itself: the connection was (closed|reset) after", "TLS itself: nothing came back for"),
            ("(it|sidecar) reset (it|the connection) after", "$1 closed $2 after"),
        ] {
            text = text.replacingOccurrences(of: pattern, with: replacement, options: .regularExpression)
        }
        return text
    }
}
