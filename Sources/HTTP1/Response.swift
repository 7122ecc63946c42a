/// A response, without what belongs to its connection and its moment: `Connection` and `Date`.
public struct Response: Equatable, Sendable {
    public let status: Int

    /// Status line and fields, up to the number of `Content-Length`.
    private let head: [UInt8]

    private let body: [UInt8]

    /// What stands within the body, before ``bodyEnd``.
    private let inserted: [UInt8]
    private let bodyEnd: [UInt8]

    /// - Parameters:
    ///   - fields: names and values, such as `Allow`; not `Content-Length`, `Date` and `Connection`.
    public init(status: Int, fields: [(name: String, value: String)] = [], body: [UInt8] = []) {
        let lines = ["HTTP/1.1 \(status) \(Self.reason(of: status))"] + fields.map { "\($0.name): \($0.value)" }
        self.init(
            status: status, head: Array((lines.joined(separator: "\r\n") + "\r\nContent-Length: ").utf8), body: body,
            inserted: [], bodyEnd: [])
    }

    private init(status: Int, head: [UInt8], body: [UInt8], inserted: [UInt8], bodyEnd: [UInt8]) {
        self.status = status
        self.head = head
        self.body = body
        self.inserted = inserted
        self.bodyEnd = bodyEnd
    }

    /// The same response with more in its body. Nothing is copied, so what many answers have in common is made once.
    public func appending(_ inserted: [UInt8], _ bodyEnd: [UInt8]) -> Response {
        Response(status: status, head: head, body: body, inserted: inserted, bodyEnd: bodyEnd)
    }

    /// What becomes of the connection after a response (RFC 9112, section 9.3).
    public enum Persistence: Sendable {
        /// It stays open, as HTTP/1.1 has it where nothing is said.
        case persistent
        /// It stays open, and says so to an HTTP/1.0 client that asked for it.
        case keepAlive
        /// It is closed.
        case close
    }

    /// Adds the response as it goes over the wire, but for the end of a large body.
    ///
    /// - Parameters:
    ///   - isForHEAD: leaves the body out (RFC 9110, section 9.3.2).
    ///   - date: the value of `Date`.
    ///   - copyLimit: up to how many bytes the end of the body is added too.
    /// - Returns: what is left to be sent behind `bytes`; not copied, so that many answers share it.
    public func write(
        to bytes: inout [UInt8], isForHEAD: Bool = false, date: [UInt8], persistence: Persistence, copyLimit: Int = .max
    ) -> ArraySlice<UInt8> {
        bytes += head
        bytes.appendDecimal(body.count + inserted.count + bodyEnd.count)
        bytes += Self.dateName
        bytes += date
        switch persistence {
        case .persistent: bytes += Self.end
        case .keepAlive: bytes += Self.keepAliveAndEnd
        case .close: bytes += Self.closeAndEnd
        }
        if isForHEAD { return [] }
        bytes += body
        bytes += inserted
        if bodyEnd.count > copyLimit { return bodyEnd[...] }
        bytes += bodyEnd
        return []
    }

    /// The interim response that a client waits for before it sends a body (RFC 9110, section 15.2.1).
    public static let `continue` = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

    private static let dateName = Array("\r\nDate: ".utf8)
    private static let end = Array("\r\n\r\n".utf8)
    private static let keepAliveAndEnd = Array("\r\nConnection: keep-alive\r\n\r\n".utf8)
    private static let closeAndEnd = Array("\r\nConnection: close\r\n\r\n".utf8)

    private static func reason(of status: Int) -> String {
        switch status {
        case 200: "OK"
        case 400: "Bad Request"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 417: "Expectation Failed"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        default: ""
        }
    }
}

extension [UInt8] {
    /// A number of zero or more in decimal digits.
    fileprivate mutating func appendDecimal(_ number: Int) {
        if number >= 10 { appendDecimal(number / 10) }
        append(UInt8(ascii: "0") + UInt8(number % 10))
    }
}
