import Testing

@testable import HTTP1

/// Bytes in, events out.
@Suite struct RequestParserTests {
    private func head(_ change: (inout RequestHead) -> Void = { _ in }) -> ParserRun.Event {
        var head = RequestHead()
        head.target = Array("/ratings/7".utf8)
        head.hasHost = true
        change(&head)
        return .head(head)
    }

    private func events(
        _ line: String = "GET /ratings/7 HTTP/1.1", _ fields: String = "Host: a\r\n", _ rest: String = ""
    )
        -> [ParserRun.Event]
    {
        ParserRun("\(line)\r\n\(fields)\r\n\(rest)").events
    }

    @Test func theSimplestRequest() {
        #expect(events() == [head(), .end])
    }

    @Test func emptyLinesBeforeARequestAreSkipped() {
        #expect(ParserRun("\r\n\n\r\rGET /ratings/7 HTTP/1.1\r\nHost: a\r\n\r\n").events == [head(), .end])
        #expect(ParserRun("\r\n").refusalAtEndOfInput == nil)
        #expect(ParserRun("\r\nG").refusalAtEndOfInput == .badRequest)
    }

    @Test func pipelinedRequests() {
        let one = "GET /ratings/7 HTTP/1.1\r\nHost: a\r\n\r\n"
        #expect(ParserRun(one + one).events == [head(), .end, head(), .end])
    }

    @Test(arguments: HTTPMethod.all) func methods(method: HTTPMethod) {
        let target = method == .connect ? "a:80" : "/ratings/7"
        let expected = head {
            $0.method = method
            $0.target = Array(target.utf8)
        }
        #expect(events("\(method.name) \(target) HTTP/1.1") == [expected, .end])
    }

    @Test(arguments: [
        "get / HTTP/1.1", "GETS / HTTP/1.1", "GE / HTTP/1.1", "GET\t/ HTTP/1.1", " GET / HTTP/1.1", "PRI * HTTP/2.0",
        "GET  HTTP/1.1", "GET /\u{1} HTTP/1.1", "GET /é HTTP/1.1", "GET /\t HTTP/1.1", "GET a HTTP/1.1",
        "GET a:/b HTTP/1.1", "GET 1://a/ HTTP/1.1", "GET a://b#c HTTP/1.1", "GET a://b@@c/ HTTP/1.1", "GET /", "GET / ",
        "GET / HTTP/1. n", "GET / HTTP/1.2", "GET / HTTP/2.0", "GET / HTTP/0.9", "GET / http/1.1", "GET / HTTP/1.1 ",
        "GET / HTTP/1.11", "GET /\tHTTP/1.1", "GET / ICE/1.0", "PUT / RTSP/1.0",
    ])
    func linesThatAreRefused(line: String) {
        #expect(events(line) == [.refused(.badRequest)])
    }

    @Test func bareLineFeedsAreRefused() {
        #expect(ParserRun("GET / HTTP/1.1\nHost: a\r\n\r\n").events == [.refused(.badRequest)])
        #expect(ParserRun("GET / HTTP/1.1\r\nHost: a\n\r\n").events == [.refused(.badRequest)])
        #expect(ParserRun("GET / HTTP/1.1\r\nHost: a\r\n\n").events == [.refused(.badRequest)])
        #expect(ParserRun("GET / HTTP/1.1\r\nHost: a\r\n\rx").events == [.refused(.badRequest)])
    }

    @Test(arguments: [
        " X: a", "X : a", ": a", "X", "X\u{1}: a", "X: a\u{0}", "X: a\u{7f}", "Host: a\r\n b", "(X): a",
        "Content-Length: ", "Content-Length: +1", "Content-Length: -1", "Content-Length: 1,1", "Content-Length: 0x1",
        "Content-Length: 1 1", "Content-Length: 1\t", "Content-Length: 18446744073709551616",
        "Content-Length: 1\r\nContent-Length: 1", "Content-Length: 0\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 0", "Transfer-Encoding: chunked, gzip\r\nTransfer-Encoding:",
        "Transfer-Encoding: chunked,", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Content-Length: 0\r\nTransfer-Encoding:", "Transfer-Encoding : chunked",
    ])
    func fieldsThatAreRefused(lines: String) {
        #expect(events("GET / HTTP/1.1", lines + "\r\n") == [.refused(.badRequest)])
    }

    private static let connectionCases: [(String, Bool)] = [
        ("Connection: close", true), ("connection: CLOSE", true), ("Connection: a,\t close ,b", true),
        ("Proxy-Connection: close", true), ("Connection: keep-alive\r\nConnection: close", true),
        ("Connection: close\t", false), ("Connection: closed", false), ("Connection: clo se", false),
        ("X-Connection: close", false), ("Connection: keep-alive", false), ("Connection:", false),
    ]

    @Test(arguments: connectionCases)
    func connection(line: String, closes: Bool) {
        #expect(events("GET /ratings/7 HTTP/1.1", "Host: a\r\n\(line)\r\n") == [head { $0.closes = closes }, .end])
        // HTTP/1.0 closes unless asked not to, whatever else it says.
        let keeps = line.lowercased().contains("keep-alive")
        let old = head {
            $0.version = .http10
            $0.closes = !keeps
            $0.asksToKeepAlive = keeps
        }
        #expect(events("GET /ratings/7 HTTP/1.0", "Host: a\r\n\(line)\r\n") == [old, .end])
    }

    private static let expectationCases: [(String, HTTP1.Expectation)] = [
        ("Expect: 100-continue", HTTP1.Expectation.continue), ("Expect: 100-Continue", .continue),
        ("expect: a, 100-continue;q=1", .continue), ("Expect: 100-100-continue", .continue),
        ("Expect: a\r\nExpect: 100-continue", .continue), ("Expect:", .other), ("Expect: 100-continued", .other),
        ("Expect: x100-continue", .other), ("Expect: 100-\r\nExpect: continue", .other), ("Expected: 1", .none),
    ]

    @Test(arguments: expectationCases)
    func expectation(line: String, expectation: HTTP1.Expectation) {
        let expected = head { $0.expectation = expectation }
        #expect(events("GET /ratings/7 HTTP/1.1", "Host: a\r\n\(line)\r\n") == [expected, .end])
    }

    @Test func requestIDIsKeptWhereItIsWanted() {
        let request = "GET /ratings/7 HTTP/1.1\r\nHost: a\r\nX-Request-ID:  11aa-22bb\r\n\r\n"
        #expect(ParserRun(request).events == [head { $0.requestID = Array("11aa-22bb".utf8) }, .end])
        var parser = RequestParser()
        Array(request.utf8).withUnsafeBytes { bytes in
            var position = 0
            #expect(parser.next(in: bytes, at: &position) == .head)
        }
        #expect(parser.head.requestID.isEmpty)
    }

    @Test func fieldsBeyondAThousandMeanNothingButForTheFraming() {
        let many = String(repeating: "A:b\r\n", count: 1000)
        let expected = head {
            $0.hasHost = false
            $0.closes = true
            $0.body = .length(1)
        }
        let fields = many + "Host: a\r\nExpect: x\r\nConnection: close\r\nContent-Length: 1\r\n"
        #expect(events("GET /ratings/7 HTTP/1.1", fields, "x") == [expected, .body([0x78]), .end])
    }

    @Test func absoluteFormAndOthers() {
        for target in ["http://a/ratings/7", "http://u@a:1/ratings/7?x=\"<>", "*", "/ratings/7?#?#", "x://"] {
            #expect(events("GET \(target) HTTP/1.1") == [head { $0.target = Array(target.utf8) }, .end])
        }
    }
}
