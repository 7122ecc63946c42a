import CMongoC
import Glibc
import Log

/// A MongoDB connection string, parsed by the driver and completed with defaults for what it leaves out.
///
/// Format: <https://www.mongodb.com/docs/manual/reference/connection-string/>. Options in the string always win.
public struct ConnectionString: Sendable {
    /// The hosts it names, as `host:port`; the SRV name for `mongodb+srv://`. No credentials.
    public let hosts: [String]

    /// Whether the connections will be encrypted (`ssl=true`, `tls=true` or any other `tls…` option).
    public let usesTLS: Bool

    /// Whether the hosts come from DNS (`mongodb+srv://`), which has to answer before there can be a pool.
    public var needsSRVLookup: Bool { uri.isSRV }

    /// The most connections that the pool may open (`maxPoolSize`, 100 where the string leaves it out).
    public let maxPoolSize: Int

    /// Takes this string's secrets out of a text.
    public let redactor: Redactor

    let uri: URI

    /// - Parameters:
    ///   - text: the connection string; white space around it is ignored.
    ///   - defaults: options to fill in where `text` does not name them.
    ///   - logger: takes what the driver says of the string, such as options that it does not know; without secrets.
    /// - Throws: ``ConnectionStringError`` where the driver refuses `text`, or a file that it names cannot be read.
    public init(
        _ text: String,
        defaults: ConnectionDefaults = ConnectionDefaults(),
        logger: Logger? = nil
    ) throws(ConnectionStringError) {
        Driver.start
        let text = Self.withSlash(text.trimmed)
        redactor = Redactor(secrets: Self.secrets(in: text))
        if let logger { Driver.send(to: logger, redactor) }
        if Self.hasUnescapedAt(text) {
            throw .malformed(reason: "an @ in the user or the password must be written as %40")
        }
        uri = try URI(parsing: text, redactor: redactor)
        for file in ["tlscafile", "tlscertificatekeyfile"] {
            if let path = uri.string(file) { try Self.checkReadable(path, option: file) }
        }
        uri.fillIn(defaults)
        hosts = uri.hosts
        usesTLS = uri.usesTLS
        // As the driver reads it: 0 is its default, and anything below counts as one.
        let size = uri.integer("maxpoolsize") ?? 0
        maxPoolSize = size == 0 ? 100 : max(1, Int(size))
    }

    /// The original's driver takes `mongodb://host?ssl=true`, libmongoc only `mongodb://host/?ssl=true`.
    private static func withSlash(_ text: String) -> String {
        guard let start = text.endOfScheme,
            let end = text[start...].firstIndex(where: { $0 == "/" || $0 == "?" }), text[end] == "?"
        else { return text }
        return text[..<end] + "/" + text[end...]
    }

    /// The driver takes everything after the first `@` for a host name, and would show it in its messages.
    private static func hasUnescapedAt(_ text: String) -> Bool {
        guard let start = text.endOfScheme else { return false }
        return text[start...].prefix { $0 != "/" && $0 != "?" }.count { $0 == "@" } > 1
    }

    /// A missing file shows in the driver only as "Failed initialize TLS state" at the first use, so look before that.
    private static func checkReadable(_ path: String, option: String) throws(ConnectionStringError) {
        guard let file = fopen(path, "r") else {
            throw .unreadableFile(option: option, path: path, reason: String(cString: strerror(errno)))
        }
        defer { fclose(file) }
        var byte: UInt8 = 0
        if fread(&byte, 1, 1, file) != 1 {
            let reason = ferror(file) != 0 ? String(cString: strerror(errno)) : "the file is empty"
            throw .unreadableFile(option: option, path: path, reason: reason)
        }
    }

    /// What must never be shown: the password, and the password of the client's key; as written and percent-decoded.
    ///
    /// In a malformed string nobody knows where the password ends, so everything between the first colon of the user
    /// information and the last `@` counts, and each of its pieces.
    static func secrets(in text: String) -> [String] {
        var secrets: [String] = []
        if let start = text.endOfScheme, let at = text.lastIndex(of: "@"), start <= at {
            let userInformation = text[start..<at]
            if let colon = userInformation.firstIndex(of: ":") {
                let password = userInformation[userInformation.index(after: colon)...]
                secrets.append(String(password))
                secrets += password.split { $0 == "@" || $0 == "/" || $0 == ":" }.map(String.init)
            }
        }
        let keyPassword = ["tlscertificatekeyfilepassword=", "sslclientcertificatekeypassword="]
        for option in text.split(whereSeparator: { $0 == "?" || $0 == "&" || $0 == ";" }) {
            let lowercased = option.lowercased()
            if let name = keyPassword.first(where: lowercased.hasPrefix) {
                secrets.append(String(option.dropFirst(name.count)))
            }
        }
        return secrets + secrets.compactMap(percentDecoded)
    }

    private static func percentDecoded(_ text: String) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")), let decoded = mongoc_uri_unescape(text) else { return nil }
        defer { bson_free(decoded) }
        return String(cString: decoded)
    }
}

extension String {
    /// Behind the first `://`. Without the library of regular expressions, which is a sixth of a static binary.
    fileprivate var endOfScheme: Index? {
        indices.first { self[$0...].hasPrefix("://") }.map { index($0, offsetBy: 3) }
    }

    fileprivate var trimmed: String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
