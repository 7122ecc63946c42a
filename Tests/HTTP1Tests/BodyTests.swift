import Testing

@testable import HTTP1

@Suite struct BodyTests {
    private func events(_ fields: String, _ body: String) -> [ParserRun.Event] {
        Array(ParserRun("POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n\(body)").events.dropFirst())
    }

    private func chunked(_ body: String) -> [ParserRun.Event] {
        events("Transfer-Encoding: chunked", body)
    }

    @Test func byLength() {
        #expect(events("Content-Length: 3", "abc") == [.body(Array("abc".utf8)), .end])
        #expect(events("Content-Length: 003  ", "abc") == [.body(Array("abc".utf8)), .end])
        #expect(events("Content-Length: 0", "") == [.end])
        #expect(events("Content-Length: 4", "abc") == [.body(Array("abc".utf8))])
        #expect(events("Content-Length: 18446744073709551615", "abc") == [.body(Array("abc".utf8))])
    }

    @Test(arguments: [
        "3\r\nabc\r\n0\r\n\r\n", "1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", "003\r\nabc\r\n000\r\n\r\n",
        "3;a\r\nabc\r\n0\r\n\r\n", "3;a=b;c=\"d\\\"\té;\"\r\nabc\r\n0\r\n\r\n", "3;;=\r\nabc\r\n0\r\nA: b\r\n\r\n",
        "3\r\nabc\r\n0\r\nTransfer-Encoding:\r\n\r\n",
    ])
    func inChunks(body: String) {
        #expect(chunked(body) == [.body(Array("abc".utf8)), .end])
    }

    @Test(arguments: [
        "x\r\n", "\r\n", " 1\r\n", "1 \r\n", "0x1\r\n", "-1\r\n", "1\n", "10000000000000000\r\n", "1;\r\n", "1; a\r\n",
        "1;a=\"\u{7f}\"\r\n", "1;a=\"b\"c\r\n", "1\rx",
    ])
    func chunkSizesThatAreRefused(body: String) {
        #expect(chunked(body) == [.refused(.badRequest)])
    }

    @Test func whatFollowsAChunkIsRefusedUnlessItIsALineEnd() {
        #expect(chunked("1\r\naXX0\r\n\r\n") == [.body([0x61]), .refused(.badRequest)])
        #expect(chunked("1\r\na\n0\r\n\r\n") == [.body([0x61]), .refused(.badRequest)])
    }

    @Test(arguments: ["Content-Length: 0", "Transfer-Encoding: x", " A: b", "A : b"])
    func trailersThatAreRefused(trailer: String) {
        #expect(chunked("0\r\n\(trailer)\r\n\r\n") == [.refused(.badRequest)])
    }

    @Test func trailersMayCloseTheConnection() {
        let events = chunked("0\r\nConnection: close\r\n\r\n\r\nGET / HTTP/1.1\r\n")
        #expect(events == [.end, .refused(.badRequest)])
    }

    @Test func anotherEncodingLastHasNoEnd() {
        #expect(events("Transfer-Encoding: gzip", "abc") == [.refused(.badRequest)])
        #expect(events("Transfer-Encoding: gzip, chunked", "0\r\n\r\n") == [.end])
        // An empty one is none.
        #expect(events("Transfer-Encoding:", "") == [.end])
    }
}
