/// A server of a connection string.
public struct Host: Sendable, Hashable, CustomStringConvertible {
    /// A name, an IP address without brackets, or the path of a Unix socket.
    public let name: String
    public let port: UInt16

    public init(name: String, port: UInt16) {
        self.name = name
        self.port = port
    }

    /// - Parameter text: `host:port`, as replica sets name their members; 27017 where no port is named.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), text.last != "]" else {
            self.init(name: text, port: 27017)
            return
        }
        guard let port = UInt16(text[text.index(after: colon)...]) else { return nil }
        var name = text[..<colon]
        if name.first == "[", name.last == "]" { name = name.dropFirst().dropLast() }
        self.init(name: String(name), port: port)
    }

    public var isUnixSocket: Bool { name.first == "/" }

    /// `host:port`, with brackets around an IPv6 address.
    public var description: String {
        if isUnixSocket { return name }
        return name.utf8.contains(UInt8(ascii: ":")) ? "[\(name)]:\(port)" : "\(name):\(port)"
    }
}
