import Testing

@testable import HTTP1

@Suite struct ResponseTests {
    private static let date = Array("Sun, 06 Nov 1994 08:49:37 GMT".utf8)

    private func text(_ response: Response, isForHEAD: Bool = false, _ persistence: Response.Persistence) -> String {
        var bytes: [UInt8] = []
        let rest = response.write(to: &bytes, isForHEAD: isForHEAD, date: Self.date, persistence: persistence)
        #expect(rest.isEmpty)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func withABody() {
        let response = Response(status: 200, fields: [("Content-Type", "application/json")], body: Array("{}".utf8))
        let head =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
        #expect(text(response, .persistent) == head + "\r\n{}")
        #expect(text(response, .keepAlive) == head + "Connection: keep-alive\r\n\r\n{}")
        #expect(text(response, .close) == head + "Connection: close\r\n\r\n{}")
        #expect(text(response, isForHEAD: true, .persistent) == head + "\r\n")
    }

    @Test func withSomethingPutIn() {
        let response = Response(status: 200, body: Array("[".utf8)).appending(Array("0123456789".utf8), Array("]".utf8))
        #expect(text(response, .persistent).hasPrefix("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n"))
        #expect(text(response, .persistent).hasSuffix("\r\n\r\n[0123456789]"))
    }

    @Test func aLargeEndIsLeftToTheCaller() {
        let response = Response(status: 200, body: [1]).appending([2], [3, 4, 5])
        for (copyLimit, isForHEAD, end, rest) in [
            (2, false, [1, 2], [3, 4, 5]), (3, false, [1, 2, 3, 4, 5], []), (2, true, [], []),
        ] as [(Int, Bool, [UInt8], [UInt8])] {
            var bytes: [UInt8] = []
            let left = response.write(
                to: &bytes, isForHEAD: isForHEAD, date: Self.date, persistence: .persistent, copyLimit: copyLimit)
            #expect(Array(left) == rest)
            #expect(bytes.suffix(4 + end.count) == Array("\r\n\r\n".utf8) + end)
            #expect(String(decoding: bytes, as: UTF8.self).contains("Content-Length: 5\r\n"))
        }
    }

    @Test func withoutABody() {
        let response = Response(status: 404)
        #expect(
            text(response, .close)
                == "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nConnection: close\r\n\r\n"
        )
    }

    @Test(arguments: [200, 400, 404, 405, 408, 413, 417, 431, 500, 501]) func everyStatusHasAReason(status: Int) {
        let line = text(Response(status: status), .persistent).prefix { $0 != "\r\n" }
        #expect(line.split(separator: " ", maxSplits: 2).count == 3, "\(line)")
    }
}
