/// The paths of ratings v2, matched as the original matches them: on the raw path, case-sensitive, nothing decoded.
enum Route {
    case ratings, health

    /// - Parameter target: the raw request target in any form of RFC 9112, section 3.2.
    init?(target: String) {
        let path = Self.path(of: target)
        if path.hasPrefix("/ratings/") {
            self = .ratings
        } else if path == "/health" {
            self = .health
        } else {
            return nil
        }
    }

    /// The path of a target: without query and fragment, and in absolute form without scheme and authority.
    static func path(of target: String) -> Substring {
        var rest = Substring(target)
        if !rest.hasPrefix("/"), let scheme = rest.firstRange(of: "://") {
            rest = rest[scheme.upperBound...].drop { $0 != "/" && $0 != "?" && $0 != "#" }
        }
        return rest.prefix { $0 != "?" && $0 != "#" }
    }
}
