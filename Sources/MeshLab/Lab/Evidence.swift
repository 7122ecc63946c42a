import Foundation

/// What the proxies' logs say about the way that the traffic took.
public struct Evidence: Sendable {
    /// What was looked for, and the line that shows it; nil where there is none.
    public var proofs: [(proof: Configuration.Proof, line: String?)]
    /// The last lines of each proxy that lacks one.
    public var seen: [String: [String]]
    /// Lines that must not be there.
    public var contradictions: [String]

    public var isComplete: Bool { proofs.allSatisfy { $0.line != nil } && contradictions.isEmpty }

    /// What was expected and what was seen, for a person; nil where all is as it should be.
    public var failure: String? {
        let missing = proofs.filter { $0.line == nil }.map { proof, _ in
            let lines = seen[proof.proxy] ?? []
            let seen = lines.isEmpty ? "it has written nothing" : "its last lines:\n\(lines.joined(separator: "\n"))"
            return "expected a line of \(proof.description); \(seen)"
        }
        let wrong = contradictions.map { "must not be there: \($0)" }
        return isComplete ? nil : (missing + wrong).joined(separator: "\n")
    }

    /// Reads the logs. A proxy writes its line when a connection ends: end the service first.
    static func of(_ lab: Lab) async throws -> Evidence {
        // Lines reach the file within 50 ms (--file-flush-interval-msec).
        _ = try? await wait("the proxies' log lines", within: .seconds(2), every: .milliseconds(50)) {
            try read(lab).proofs.allSatisfy { $0.line != nil }
        }
        return try read(lab)
    }

    private static func read(_ lab: Lab) throws -> Evidence {
        let configuration = lab.configuration
        let proofs = try configuration.proofs.map { proof in
            if let text = proof.text {
                let line = try lab.sniProxy.get()?.lines().last { $0.contains(text) }
                return (proof: proof, line: line)
            }
            return (proof: proof, line: try lab.log(of: proof.proxy).last { proof.matches($0) }?.description)
        }
        var seen: [String: [String]] = [:]
        for (proof, line) in proofs where line == nil {
            let lines =
                try proof.text == nil
                ? lab.log(of: proof.proxy).map(\.description) : lab.sniProxy.get()?.lines() ?? []
            seen[proof.proxy] = Array(lines.suffix(4))
        }
        let contradictions = try configuration.absent.flatMap { absence in
            try lab.log(of: absence.proxy).filter { $0.cluster == absence.cluster }.map(\.description)
        }
        return Evidence(proofs: proofs, seen: seen, contradictions: contradictions)
    }
}

extension Lab {
    /// The access log of a proxy, by its name in expectations.json.
    func log(of proxy: String) throws -> [AccessLogLine] {
        if proxy == "sidecar" { return try sidecar.accessLog() }
        guard let gateway, proxy == configuration.gateway else {
            throw LabError("\(configuration.name) has no proxy '\(proxy)'")
        }
        return try gateway.accessLog()
    }
}
