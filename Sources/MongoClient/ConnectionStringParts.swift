/// A connection string, cut where its format cuts it: the text between the marks, as it was written.
///
/// Format: <https://www.mongodb.com/docs/manual/reference/connection-string/>.
struct ConnectionStringParts: Sendable, Equatable {
    /// `mongodb` or `mongodb+srv`.
    var scheme: String
    /// Percent-encoded; `nil` where there is no user information.
    var user: String?
    /// Percent-encoded; `nil` where the user information has no colon. A secret.
    var password: String?
    /// `host` or `host:port` each.
    var hosts: [String]
    /// Percent-encoded; empty where there is none.
    var database: String
    var options: [Option]

    struct Option: Sendable, Equatable {
        var name: String
        /// Percent-encoded.
        var value: String

        /// Names are not case-sensitive.
        var key: String { name.lowercased() }

        /// Whether its value is a secret, or holds one.
        var isSecret: Bool {
            ["tlscertificatekeyfilepassword", "sslclientcertificatekeypassword", "authmechanismproperties"].contains(
                key)
        }
    }

    /// - Throws: ``ConnectionStringError`` where the text has not the format. Its words hold no part of the text that could
    ///   be one of a secret.
    init(_ text: String) throws(ConnectionStringError) {
        guard let scheme = ["mongodb", "mongodb+srv"].first(where: { text.hasPrefix($0 + "://") }) else {
            throw .malformed(reason: "it must begin with mongodb:// or mongodb+srv://")
        }
        self.scheme = scheme
        var rest = text.dropFirst(scheme.count + 3)
        var authority = rest.prefix { $0 != "/" && $0 != "?" }
        // A Unix socket's slashes are written %2F, so the first slash ends the hosts. One before an @ is part of a secret.
        let afterAuthority = rest.dropFirst(authority.count)
        if !authority.contains(where: Self.isAt), afterAuthority.prefix(while: { $0 != "?" }).contains(where: Self.isAt)
        {
            throw .malformed(reason: "a / in the user or the password must be written as %2F")
        }
        if !authority.contains(where: Self.isAt), afterAuthority.first == "?", Self.looksLikeHosts(afterAuthority) {
            throw .malformed(reason: "a ? in the user or the password must be written as %3F")
        }
        rest = afterAuthority
        if rest.first == "/" { rest = rest.dropFirst() }
        let name = rest.prefix { $0 != "?" }
        database = String(name)
        let names = rest.dropFirst(name.count + 1).split { $0 == "&" }.map { $0.prefix { $0 != "=" } }
        if ([name] + names).contains(where: { $0.contains(where: Self.isMark) }) {
            throw .malformed(reason: "a /, ? or @ in the user or the password must be written as %2F, %3F or %40")
        }
        if let at = authority.lastIndex(of: "@") {
            let userInformation = authority[..<at]
            authority = authority[authority.index(after: at)...]
            (user, password) = try Self.userAndPassword(userInformation)
        }
        hosts = authority.split(omittingEmptySubsequences: false) { $0 == "," }.map(String.init)
        for host in hosts { try Self.check(host: host, isService: scheme == "mongodb+srv") }
        if scheme == "mongodb+srv", hosts.count > 1 {
            throw .malformed(reason: "mongodb+srv:// takes one host name")
        }
        options = try Self.options(rest.dropFirst(name.count).dropFirst())
    }

    private static func isAt(_ character: Character) -> Bool { character == "@" }

    /// No database's or option's name holds one: it has been cut out of a secret.
    private static func isMark(_ character: Character) -> Bool { "/?@".contains(character) }

    /// Behind an unescaped question mark in a password comes what has an @ before any option's equals sign.
    private static func looksLikeHosts(_ text: Substring) -> Bool {
        text.prefix { $0 != "=" && $0 != "&" }.contains(where: isAt)
    }

    private static func userAndPassword(_ text: Substring) throws(ConnectionStringError) -> (String, String?) {
        if text.contains(where: isAt) {
            throw .malformed(reason: "an @ in the user or the password must be written as %40")
        }
        let user = text.prefix { $0 != ":" }
        let password = text.count > user.count ? text.dropFirst(user.count + 1) : nil
        if password?.contains(where: { $0 == ":" }) == true {
            throw .malformed(reason: "a : in the user or the password must be written as %3A")
        }
        if user.isEmpty { throw .malformed(reason: "the user before the @ is empty") }
        guard user.percentDecoded != nil, password?.percentDecoded != nil || password == nil else {
            throw .malformed(reason: "a % in the user or the password must be written as %25")
        }
        return (String(user), password.map(String.init))
    }

    private static func check(host text: String, isService: Bool) throws(ConnectionStringError) {
        if text.isEmpty { throw .malformed(reason: "it names no host, or an empty one") }
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else {
                throw .malformed(reason: "an IPv6 address has no closing bracket")
            }
            return try check(port: text[text.index(after: end)...], of: text[...end])
        }
        if text.lowercased().hasPrefix("%2f") { return }
        let colons = text.count { $0 == ":" }
        // What stands behind a colon may be a secret whose @ is missing.
        if colons > 1 { throw .malformed(reason: "a host has several colons: put an IPv6 address in brackets") }
        if colons == 1, isService { throw .malformed(reason: "mongodb+srv:// takes no port: SRV records name them") }
        let name = text.prefix { $0 != ":" }
        if name.isEmpty { throw .malformed(reason: "it names no host, or an empty one") }
        guard name.allSatisfy({ $0.isLetter || $0.isNumber || "-._~%".contains($0) }) else {
            throw .malformed(reason: "a host holds a character that no name has")
        }
        try check(port: text.dropFirst(name.count), of: name)
    }

    private static func check(port text: Substring, of host: Substring) throws(ConnectionStringError) {
        if text.isEmpty { return }
        guard text.first == ":", let port = UInt16(text.dropFirst()), port > 0 else {
            throw .malformed(reason: "the host \(host) has a port that is no number from 1 to 65535")
        }
    }

    private static func options(_ text: Substring) throws(ConnectionStringError) -> [Option] {
        var options: [Option] = []
        for part in text.split(whereSeparator: { $0 == "&" }) {
            let name = part.prefix { $0 != "=" }
            let secret = options.last { $0.isSecret }?.name
            // Behind a secret stands perhaps a piece of it.
            let shown = Option(name: String(name), value: "").isKnown || secret == nil ? String(name) : "an option"
            guard part.count > name.count else {
                guard let secret else { throw .option(shown, problem: "has no value: write NAME=VALUE") }
                throw .option(
                    secret, problem: "holds a & that must be written as %26, or an option behind it has no value")
            }
            let value = part.dropFirst(name.count + 1)
            // The driver takes ; for a separator as well, so that what follows it is another option, or none.
            if part.contains(where: { $0 == ";" }) {
                throw .option(shown, problem: "holds a ; : separate options with &, or write it as %3B")
            }
            guard value.percentDecoded != nil else {
                throw .option(shown, problem: "holds a % that must be written as %25")
            }
            options.append(Option(name: String(name), value: String(value)))
        }
        return options
    }

    /// The text again, for the driver: with the slash before the options that it wants, and without the dots at the ends of
    /// host names, which it would send in SNI and compare with certificates.
    var text: String {
        var text = scheme + "://"
        if let user { text += user + (password.map { ":" + $0 } ?? "") + "@" }
        text += hosts.map(Self.withoutTrailingDot).joined(separator: ",") + "/" + database
        if !options.isEmpty { text += "?" + options.map { "\($0.name)=\($0.value)" }.joined(separator: "&") }
        return text
    }

    private static func withoutTrailingDot(_ host: String) -> String {
        if host.first == "[" || host.lowercased().hasPrefix("%2f") { return host }
        let name = host.prefix { $0 != ":" }
        guard name.last == ".", name.count > 1 else { return host }
        return String(name.dropLast()) + host.dropFirst(name.count)
    }

    /// What must never be shown, decoded: the password, the password of the client's key, a token.
    var secrets: [String] {
        var secrets = [password].compactMap { $0?.percentDecoded }
        for option in options {
            if option.isSecret, option.key != "authmechanismproperties" {
                secrets += [option.value.percentDecoded].compactMap(\.self)
            }
            if option.key == "authmechanismproperties" { secrets += Self.tokens(in: option.value) }
        }
        return secrets.filter { !$0.isEmpty }
    }

    /// `authMechanismProperties=NAME:VALUE,…`: every value, of which one may be AWS_SESSION_TOKEN's. A & within it has ended
    /// the option for the driver, too.
    private static func tokens(in value: String) -> [String] {
        value.split { $0 == "," }.compactMap { property in
            let name = property.prefix { $0 != ":" }
            return name.uppercased() == "AWS_SESSION_TOKEN" ? property.dropFirst(name.count + 1).percentDecoded : nil
        }
    }
}
