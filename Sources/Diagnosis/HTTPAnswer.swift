/// An answer of Envoy's administration, whole: it closes the connection behind it (RFC 9112).
struct HTTPAnswer {
    let status: Int
    let isEnvoy: Bool
    let body: String

    /// - Returns: `nil` where it is no HTTP/1.1.
    init?(_ bytes: [UInt8]) {
        guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: Array("\r\n\r\n".utf8)) }) else {
            return nil
        }
        let lines = bytes[..<end].split { $0 == 13 || $0 == 10 }.map { String(decoding: $0, as: UTF8.self) }
        guard let first = lines.first, first.hasPrefix("HTTP/1.1 "), let status = Int(first.dropFirst(9).prefix(3))
        else {
            return nil
        }
        let fields = lines.dropFirst().map { $0.lowercased() }
        self.status = status
        isEnvoy = fields.contains { $0 == "server: envoy" }
        let content = bytes[(end + 4)...]
        let isChunked = fields.contains { $0 == "transfer-encoding: chunked" }
        body = String(decoding: isChunked ? Self.joined(content) : Array(content), as: UTF8.self)
    }

    /// The data of all chunks (RFC 9112, section 7.1).
    private static func joined(_ chunks: ArraySlice<UInt8>) -> [UInt8] {
        var rest = chunks
        var data: [UInt8] = []
        while let lineEnd = rest.firstIndex(of: 13) {
            let size = String(decoding: rest[..<lineEnd], as: UTF8.self)
            guard let count = Int(size, radix: 16), count > 0, rest.endIndex - lineEnd - 2 >= count else { break }
            data += rest[(lineEnd + 2)..<(lineEnd + 2 + count)]
            rest = rest.dropFirst(lineEnd - rest.startIndex + 2 + count + 2)
        }
        return data
    }
}
