/// Makes the faults of a mesh, one after the other, and expects `ratings check` in the pod to name each one's layer and
/// cause in its own sentence.
struct DiagnosisChecks {
    var lab: Lab

    func run(_ list: Checklist) async {
        for fault in MeshFaults(lab: lab).all() {
            await list.check("diagnosis: \(fault.title)") {
                try require(
                    MeshFaults.names.contains { $0.name == fault.name }, "\(fault.name) is in no list for a person")
                try await fault.make()
                return try await mended {
                    try await look(at: fault)
                } by: {
                    try await fault.mend()
                }
            }
        }
    }

    private func look(at fault: MeshFault) async throws -> String {
        for _ in 0..<fault.times {
            let seen = try await DiagnosisSeen.check(lab.site.tools.ratings, url: fault.url ?? lab.url)
            try require(seen.fault == fault.expected, "expected \(fault.expected), ratings check says \(seen.text)")
        }
        if lab.configuration.isBlocked, fault.name == "blocked" { try outageLine(fault.expected) }
        return fault.expected.explanation
    }

    /// The service itself has said the same in one line.
    private func outageLine(_ fault: SeenFault) throws {
        let line = lab.ratings.lines().first { $0.contains(DiagnosisSeen.outage) } ?? ""
        let database = "\(lab.site.parameters.host):\(lab.site.parameters.port)"
        let told =
            " cause=\(fault.cause) database=\(database) explanation=\(fault.explanation) layer=\(fault.layer) reason="
        try require(DiagnosisSeen.normalized(line).contains(told), "expected \(told), the service says \(line)")
    }
}
