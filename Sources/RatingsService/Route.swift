/// The paths of ratings v2, matched as the original matches them: on the raw path, case-sensitive, nothing decoded.
enum Route {
    case ratings, health

    /// - Parameter target: the raw request target in any form of RFC 9112, section 3.2.
    init?(target: [UInt8]) {
        guard let path = Self.path(of: target) else { return nil }
        // Node's `url.parse` reads a backslash as a slash.
        if path.starts(with: "/ratings/".utf8) || path.starts(with: #"/ratings\"#.utf8) {
            self = .ratings
        } else if path.elementsEqual("/health".utf8) {
            self = .health
        } else {
            return nil
        }
    }

    /// The path of a target: without query and fragment, and in absolute form without scheme and authority.
    private static func path(of target: [UInt8]) -> ArraySlice<UInt8>? {
        var rest = target[...]
        if rest.first != UInt8(ascii: "/"), let authority = authority(of: target) {
            guard endsWithItsHost(authority) else { return nil }
            rest = target[authority.endIndex...]
        }
        return rest.prefix { !$0.endsPath }
    }

    /// What stands behind `://`, up to the path.
    private static func authority(of target: [UInt8]) -> ArraySlice<UInt8>? {
        let separator = "://".utf8
        guard let scheme = target.indices.first(where: { target[$0...].starts(with: separator) }) else { return nil }
        return target[scheme...].dropFirst(separator.count).prefix { $0 != UInt8(ascii: "/") && !$0.endsPath }
    }

    /// Whether the original takes all of an authority for user information, host and port, and none of it for the path.
    ///
    /// Source: Node's `url.parse`, which ends a host where a host name cannot go on.
    private static func endsWithItsHost(_ authority: ArraySlice<UInt8>) -> Bool {
        let host = authority.suffix(while: { $0 != UInt8(ascii: "@") })
        if host.contains(where: { "%';".utf8.contains($0) }) { return false }
        // Brackets stand for an IPv6 address, or make the original throw: then it never answers.
        if host.contains(where: { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "]") }) { return true }
        let port = host.suffix(while: \.isDecimalDigit)
        let name = host.dropLast(port.count)
        return !name.dropLast(name.last == UInt8(ascii: ":") ? 1 : 0).contains(UInt8(ascii: ":"))
    }
}

extension ArraySlice<UInt8> {
    /// The longest end that is made of such bytes.
    fileprivate func suffix(while isWanted: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        self[(lastIndex { !isWanted($0) }.map { $0 + 1 } ?? startIndex)...]
    }
}

extension UInt8 {
    fileprivate var endsPath: Bool { self == UInt8(ascii: "?") || self == UInt8(ascii: "#") }
}
