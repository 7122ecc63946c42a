import Foundation
import LocalMongo
import Processes

/// What a lab that stays up prints, run line by line as a person would paste it.
struct PastedInstructions {
    /// `LAB="…"`.
    private let assignment: String
    /// Commands that break the lab, each followed by the one that mends it.
    let changes: [String]

    /// - Parameter output: all that the lab has printed.
    init(_ output: String) throws {
        let lines = output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        guard let assignment = lines.first(where: { $0.hasPrefix("LAB=") }),
            let start = lines.firstIndex(where: { $0.hasPrefix("Break it") })
        else { throw LabFailure("no instructions in:\n\(output)") }
        self.assignment = assignment
        changes = lines[start...].filter { $0.hasPrefix("$LAB ") }
    }

    struct LabFailure: Error, CustomStringConvertible {
        var description: String
        init(_ description: String) { self.description = description }
    }

    /// Runs one line in bash(1).
    func run(_ line: String) async throws -> CompletedProcess {
        try await CompletedProcess.run("bash", ["-c", "\(assignment)\n\(line)"])
    }

    /// The status that reviews gets.
    func ask() async throws -> String {
        try await run("$LAB curl -s -m 5 -o /dev/null -w '%{http_code}' http://198.51.100.2:9080/ratings/0")
            .standardOutput
    }
}
