import Testing

@testable import MeshLab

/// A log line's fields in words.
struct LegendTests {
    private static let blocked =
        #"[2026-11-28T20:43:50.660Z] "- - -" 0 UH - - "-" 0 0 0 - "-" "-" "-" "-" "-" BlackHoleCluster - "#
        + "192.0.2.10:27017 198.51.100.2:33882 - -"

    @Test func saysWhatTheFlagsMean() throws {
        let line = try #require(AccessLogLine(Self.blocked))
        #expect(
            Legend(line: line).short
                == "UH: the cluster has no healthy endpoint, and BlackHoleCluster never has one; cluster BlackHoleCluster; no SNI seen; from 198.51.100.2:33882, who wanted 192.0.2.10:27017, to nowhere"
        )
    }

    @Test func namesEveryField() throws {
        let line = try #require(AccessLogLine(Self.blocked))
        #expect(line.fields.count == AccessLogLine.fieldNames.count)
        let flags = try #require(Legend(line: line).long.first { $0.hasPrefix("RESPONSE_FLAGS ") })
        #expect(
            flags.split(separator: " ") == "RESPONSE_FLAGS UH what went wrong, in Envoy's letters".split(separator: " ")
        )
    }

    /// A connection that RBAC closed, and one that nothing went over.
    @Test(arguments: [
        (#"0 - - rbac_access_denied_matched_policy[p] "-" 10 20 3"#, false), (#"0 - - - "-" 10 0 3"#, false),
        (#"0 UF - - "-" 10 20 3"#, false), (#"0 - - - "-" 10 20 3"#, true),
    ])
    func onlyAConnectionThatWorkedProvesAWay(_ middle: String, _ isProof: Bool) throws {
        let text = #"[t] "- - -" \#(middle) - "-" "-" "-" "-" "192.0.2.10:27017" outbound|27017||a - b c - -"#
        let line = try #require(AccessLogLine(text))
        #expect(Configuration.Proof(proxy: "sidecar", cluster: "outbound|27017||a").matches(line) == isProof)
    }
}
