import Foundation

/// What the proxies' logs say about the way that the traffic took.
public struct Evidence: Sendable {
    /// What was looked for, and the line that shows it; nil where there is none.
    public var proofs: [(proof: Configuration.Proof, line: String?)]
    /// Lines that must not be there.
    public var contradictions: [String]

    public var isComplete: Bool { proofs.allSatisfy { $0.line != nil } && contradictions.isEmpty }

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
        let contradictions = try configuration.absent.flatMap { absence in
            try lab.log(of: absence.proxy).filter { $0.cluster == absence.cluster }.map(\.description)
        }
        return Evidence(proofs: proofs, contradictions: contradictions)
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
