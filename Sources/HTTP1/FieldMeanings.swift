/// What the fields of a request that matter to this server say. Of all others only the form is looked at.
struct FieldMeanings: Sendable {
    /// A field whose value is read.
    enum Field: Int, Sendable {
        case connection, contentLength, expect, host, proxyConnection, requestID, transferEncoding, upgrade
    }

    /// In the order of the cases.
    static let names = WordMatcher.Words([
        "connection", "content-length", "expect", "host", "proxy-connection", "x-request-id", "transfer-encoding",
        "upgrade",
    ])

    /// Trailers come when the framing is settled, so they may not say anything of it.
    private let areTrailers: Bool
    private(set) var hasHost = false
    private(set) var contentLength: ContentLengthParser?
    private(set) var transferEncoding = TransferEncodingParser()
    private(set) var connection = ConnectionParser()
    private(set) var expect = ExpectParser()
    private(set) var requestID: [UInt8] = []
    private var hasUpgrade = false

    init(areTrailers: Bool = false) {
        self.areTrailers = areTrailers
    }

    /// A field line with this name begins.
    ///
    /// - Returns: whether it may.
    mutating func begin(_ field: Field) -> Bool {
        switch field {
        case .host: hasHost = true
        case .contentLength:
            guard !areTrailers, contentLength == nil, !transferEncoding.isPresent else { return false }
            contentLength = ContentLengthParser()
        case .transferEncoding:
            transferEncoding.beginLine()
            return contentLength == nil
        case .connection, .proxyConnection: connection.beginLine()
        case .expect: expect.beginLine()
        case .requestID: requestID = []
        case .upgrade: break
        }
        return true
    }

    /// A byte of its value; white space before the value is left out.
    ///
    /// - Returns: whether the value can go on like this.
    mutating func read(_ byte: UInt8, of field: Field) -> Bool {
        switch field {
        case .host: break
        case .contentLength: return contentLength?.read(byte) ?? false
        case .transferEncoding: return !areTrailers && transferEncoding.read(byte)
        case .connection, .proxyConnection: connection.read(byte)
        case .expect: expect.read(byte)
        case .requestID: requestID.append(byte)
        case .upgrade: hasUpgrade = true
        }
        return true
    }

    /// The line ends.
    ///
    /// - Returns: whether the value can end like this.
    mutating func end(_ field: Field) -> Bool {
        switch field {
        case .contentLength: return contentLength?.isComplete ?? false
        case .connection, .proxyConnection: connection.endLine()
        case .expect: expect.endLine()
        case .requestID, .host, .transferEncoding, .upgrade: break
        }
        return true
    }

    /// Whether the client asks for another protocol (RFC 9110, section 7.8).
    var asksForUpgrade: Bool { hasUpgrade && connection.hasUpgrade }

    /// Completes a head whose request line has been read.
    func complete(_ head: inout RequestHead) {
        head.hasHost = hasHost
        head.closes = head.version == .http11 ? connection.hasClose : !connection.hasKeepAlive
        head.asksToKeepAlive = head.version == .http10 && connection.hasKeepAlive
        head.expectation = !expect.isPresent ? .none : expect.hasContinue ? .continue : .other
        head.requestID = requestID
        if transferEncoding.isPresent {
            head.body = .chunked
        } else if let length = contentLength?.value, length > 0 {
            head.body = .length(length)
        } else {
            head.body = .none
        }
    }
}
