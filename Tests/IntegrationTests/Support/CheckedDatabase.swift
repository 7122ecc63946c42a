import Foundation
import LocalMongo
import Processes

/// What `ratings check --json` prints, as the README documents it.
struct CheckedDatabase: Decodable {
    struct Layer: Decodable {
        struct Attempt: Decodable {
            var host: String
            var address: String?
            var status: String
            var milliseconds: Double
            var detail: String
        }

        var layer: String
        var status: String
        var milliseconds: Double
        var detail: String
        var attempts: [Attempt]?
        var cause: String?
        var explanation: String?
        var advice: String?
        var command: String?

        /// Without localhost's address of IPv6, where it has one: what the tests start listens at 127.0.0.1.
        var attemptsOverIPv4: [Attempt] {
            (attempts ?? []).filter { $0.address?.hasPrefix("[::1]") != true }
        }
    }

    /// What a fault is known by.
    struct Finding: Hashable {
        var layer: String
        var cause: String
        /// With numbers of milliseconds, ports and dates left out.
        var explanation: String
    }

    var ok: Bool
    var database: String
    var layers: [Layer]

    /// The end of a run, with what it printed.
    struct Run {
        let status: TerminationStatus
        let checked: CheckedDatabase
        let text: String

        /// The layer that failed; nothing of it where none did.
        var finding: Finding {
            get throws {
                guard let layer = checked.layers.first(where: { $0.status == "failed" }) else {
                    return Finding(layer: "", cause: "", explanation: "")
                }
                return Finding(
                    layer: layer.layer, cause: layer.cause ?? "",
                    explanation: FaultSentences.normalized(layer.explanation ?? ""))
            }
        }
    }

    /// - Parameter launcher: a command that ends in starting the program that its last arguments name.
    static func check(
        _ url: String, environment: [String: String?] = [:], launcher: [String] = []
    ) async throws -> Run {
        let command = launcher + [try Program.path(), "check", "--json"]
        let result = try await Program.run(
            command[0], Array(command.dropFirst()), environment: environment.merging(["MONGO_DB_URL": url]) { $1 })
        guard result.standardError.isEmpty else { throw LocalMongoError("ratings check says \(result.standardError)") }
        let checked = try JSONDecoder().decode(CheckedDatabase.self, from: Data(result.standardOutput.utf8))
        return Run(status: result.status, checked: checked, text: result.standardOutput)
    }
}
