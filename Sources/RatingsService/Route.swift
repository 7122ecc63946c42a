/// The paths of ratings v2, matched as the original matches them: on the raw path, case-sensitive, nothing decoded.
enum Route {
    case ratings, health

    /// - Parameter target: the raw request target in any form of RFC 9112, section 3.2.
    init?(target: String) {
        let path = Self.path(of: target)
        if path.starts(with: "/ratings/".utf8) {
            self = .ratings
        } else if path.elementsEqual("/health".utf8) {
            self = .health
        } else {
            return nil
        }
    }

    /// The path of a target: without query and fragment, and in absolute form without scheme and authority.
    static func path(of target: String) -> Substring.UTF8View {
        var rest = target[...].utf8
        if rest.first != UInt8(ascii: "/"), let scheme = target.firstRange(of: "://") {
            rest = target[scheme.upperBound...].utf8.drop { $0 != UInt8(ascii: "/") && !$0.endsPath }
        }
        return rest.prefix { !$0.endsPath }
    }
}

extension UInt8 {
    fileprivate var endsPath: Bool { self == UInt8(ascii: "?") || self == UInt8(ascii: "#") }
}
