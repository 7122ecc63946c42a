import Testing

@testable import MeshLab

struct AccessLogTests {
    private static let gateway =
        #"[2026-11-23T13:14:33.617Z] "- - -" 0 - - - "-" 1166 2585 59 - "-" "-" "-" "-" "192.0.2.10:27017" "#
        + "outbound|27017||mongo.example.com 198.51.100.6:52578 198.51.100.6:443 198.51.100.2:40212 mongo.example.com -"

    @Test func readsIstiosDefaultFormat() throws {
        let line = try #require(AccessLogLine(Self.gateway))
        #expect(line.cluster == "outbound|27017||mongo.example.com")
        #expect(line.upstreamHost == "192.0.2.10:27017")
        #expect(line.serverName == "mongo.example.com")
        #expect(line.downstreamLocal == "198.51.100.6:443")
        #expect(line.flags == "-")
        #expect(line.bytesSent == 2585)
    }

    @Test(arguments: ["", "[2026-11-23] starting", #"[t] "GET / HTTP/1.1" 200 -"#])
    func refusesOtherLines(_ text: String) {
        #expect(AccessLogLine(text) == nil)
    }

    @Test func aProofNeedsEverythingItNames() throws {
        let line = try #require(AccessLogLine(Self.gateway))
        var proof = Configuration.Proof(
            proxy: "egress-gateway", cluster: line.cluster, sni: "mongo.example.com", listenerPort: 443)
        #expect(proof.matches(line))
        proof.listenerPort = 7777
        #expect(!proof.matches(line))
        proof.listenerPort = nil
        proof.sni = "other.example.com"
        #expect(!proof.matches(line))
        proof.sni = nil
        proof.flags = "UH"
        #expect(!proof.matches(line))
        proof.flags = nil
        proof.cluster = "BlackHoleCluster"
        #expect(!proof.matches(line))
    }
}
