import Testing

@testable import RatingsDatabase

/// The reasons are the driver's words, recorded from libmongoc 1.23.1 and mongod 6.0.5.
@Suite struct FaultHintTests {
    private static let selection = "No suitable servers found: `serverSelectionTimeoutMS` expired: "

    private static let namesTheLayerCases: [(String, FaultHint)] = [
        (selection + "[Failed to connect to target host: localhost:1]", FaultHint.noTCPConnection),
        (selection + "[Failed to resolve nosuch.invalid]", .nameResolution),
        (
            #"Failed to look up SRV record "_mongodb._tcp.a.nosuch.invalid": The specified host is unknown."#,
            .nameResolution
        ),
        (
            selection
                + "[TLS handshake failed: certificate verify failed (19): self-signed certificate in certificate chain]",
            .certificateNotTrusted
        ),
        (
            selection + "[TLS handshake failed: certificate verify failed (10): certificate has expired]",
            .certificateExpired
        ),
        (
            selection + "[TLS handshake failed: certificate verify failed (62): Hostname mismatch]",
            .certificateForAnotherName
        ),
        (
            selection + "[TLS handshake failed: certificate verify failed (64): IP address mismatch]",
            .certificateForAnotherName
        ),
        (selection + "[TLS handshake failed: Connection reset by peer]", .closedDuringHandshake),
        (selection + "[Failed to read 4 bytes: socket error or timeout]", .closedDuringHandshake),
        (
            selection + "[Failed to connect to target host: h:1] (h:1: Failed to connect, no answer for 800 ms)",
            .silence
        ),
        ("No suitable servers found: `serverSelectionTimeoutMS` expired", .noSuitableServer),
        ("Authentication failed.", .authentication),
        ("command find requires authentication", .authorization),
        ("not authorized on test to execute command { find: \"ratings\" }", .authorization),
        ("no answer within 1800 ms", .silence),
    ]

    @Test(arguments: namesTheLayerCases)
    func namesTheLayer(reason: String, hint: FaultHint) {
        #expect(FaultHint(reason: reason, step: .connect) == hint)
    }

    /// The same words, with a connection that was in use.
    @Test func aBrokenReadIsNoHandshake() {
        let reason =
            #"Failed to send "find" command with database "test": Failed to read 4 bytes: socket error or timeout"#
        #expect(FaultHint(reason: reason, step: .load) == .brokenRead)
    }

    @Test func saysNothingWhereItKnowsNothing() {
        #expect(FaultHint(reason: "Failing command via 'failCommand' failpoint", step: .load) == nil)
    }

    @Test(arguments: FaultHint.allCases) func adviceIsOneLine(hint: FaultHint) {
        #expect(!hint.advice.isEmpty && !hint.advice.contains("\n"))
    }
}
