import Testing

@testable import HTTP1

@Suite struct LimitTests {
    private func text(_ count: Int) -> String { String(repeating: "a", count: count) }

    /// Target, names and values count together, and nothing else.
    @Test(arguments: [-1, 0]) func headSize(excess: Int) {
        // Behind the target of 1 byte and "Host" and "b" with 5: two fields that share what is left.
        let rest = FieldSize.limit + excess - 6
        let request = "GET / HTTP/1.1\r\nHost:   b\r\n\(text(rest / 2)): x\r\nY: \(text(rest - rest / 2 - 2))\r\n\r\n"
        let events = ParserRun(request).events
        #expect(excess < 0 ? events.last == .end : events == [.refused(.headerFieldsTooLarge)])
    }

    @Test func targetAlone() {
        #expect(ParserRun("GET /\(text(16_382)) HTTP/1.1\r\n\r\n").events.last == .end)
        #expect(ParserRun("GET /\(text(16_383)) HTTP/1.1\r\n\r\n").events == [.refused(.headerFieldsTooLarge)])
        // A byte that cannot stand there counts more, where it is in the same piece.
        #expect(ParserRun("GET /\(text(20_000))\u{1} HTTP/1.1\r\n\r\n").events == [.refused(.badRequest)])
    }

    @Test func valueThatNeverEnds() {
        #expect(ParserRun("GET / HTTP/1.1\r\nX: \(text(17_000))").events == [.refused(.headerFieldsTooLarge)])
        #expect(ParserRun("GET / HTTP/1.1\r\nX: \(text(17_000))\u{1}").events == [.refused(.headerFieldsTooLarge)])
    }

    @Test func trailersHaveTheirOwn() {
        let head = "POST / HTTP/1.1\r\nX: \(text(16_000))\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
        #expect(ParserRun(head + "Y: \(text(16_382))\r\n\r\n").events.last == .end)
        #expect(ParserRun(head + "Y: \(text(16_383))\r\n\r\n").events.last == .refused(.headerFieldsTooLarge))
    }

    @Test func chunkExtensions() {
        let head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(ParserRun(head + "0;\(text(16_384))\r\n\r\n").events.last == .end)
        #expect(ParserRun(head + "0;\(text(16_385))\r\n\r\n").events.last == .refused(.contentTooLarge))
    }

    /// Four times the bytes take four times the time, and not sixteen.
    @Test(arguments: [
        ("GET / HTTP/1.1\r\n", "A:\r\n", 15), ("POST / HTTP/1.1\r\nContent-Length: 9999999999\r\n\r\n", "x", 1),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", 6),
    ])
    func singleBytesCostWhatTheyShould(head: String, repeated: String, length: Int) {
        func time(_ count: Int) -> Duration {
            var parser = RequestParser()
            let bytes = Array((head + String(repeating: repeated, count: count / repeated.utf8.count)).utf8)
            return ContinuousClock().measure {
                bytes.withUnsafeBytes { bytes in
                    for index in bytes.indices {
                        var position = 0
                        while parser.next(in: UnsafeRawBufferPointer(rebasing: bytes[index...index]), at: &position)
                            != nil
                        {}
                    }
                }
            }
        }
        _ = time(10_000)
        let short = (0..<3).map { _ in time(50_000) }.min() ?? .zero
        let long = (0..<3).map { _ in time(200_000) }.min() ?? .zero
        #expect(long < short * 9, "\(short) and \(long)")
    }
}
