/// A response as it came over the wire.
struct HTTPAnswer: Sendable, Equatable {
    var status: Int
    /// In order, names in lower case.
    var headers: [Header]
    var body: String

    struct Header: Sendable, Equatable {
        let name: String
        let value: String
    }

    subscript(name: String) -> String? { headers.first { $0.name == name }?.value }

    struct Malformed: Error {
        let text: String
    }

    /// Takes the first response out of `bytes`; nil where it is not complete.
    ///
    /// - Parameters:
    ///   - method: the request's; a response to HEAD has no body (RFC 9112, section 6.3).
    ///   - isEnded: whether the server will send no more.
    init?(consuming bytes: inout [UInt8], method: String, isEnded: Bool) throws {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let statusLine = (head.first ?? "").split(separator: " ", maxSplits: 2)
        guard statusLine.count >= 2, statusLine[0] == "HTTP/1.1", let status = Int(statusLine[1]) else {
            throw Malformed(text: String(decoding: bytes, as: UTF8.self))
        }
        self.status = status
        headers = head.dropFirst().map { line in
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            let value = line[colon...].dropFirst().drop { $0 == " " }
            return Header(name: line[..<colon].lowercased(), value: String(value))
        }
        body = ""
        var length = 0
        if method != "HEAD", status >= 200, status != 204 {
            if let named = self["content-length"] {
                guard let number = Int(named) else { throw Malformed(text: named) }
                length = number
            } else {
                guard self["transfer-encoding"] == nil else { throw Malformed(text: "an answer in chunks") }
                guard isEnded else { return nil }
                length = bytes.count - end.upperBound
            }
        }
        guard bytes.count - end.upperBound >= length else { return nil }
        body = String(decoding: bytes[end.upperBound..<(end.upperBound + length)], as: UTF8.self)
        bytes.removeFirst(end.upperBound + length)
    }
}
