import Glibc
import Log
import Network

/// A MongoDB connection string, parsed by the driver and completed with defaults for what it leaves out.
///
/// Format: <https://www.mongodb.com/docs/manual/reference/connection-string/>. Options in the string always win.
public struct ConnectionString: Sendable {
    /// The hosts it names, as `host:port`; the SRV name for `mongodb+srv://`. No credentials.
    public let hosts: [String]

    /// The servers it names; empty for `mongodb+srv://`.
    public let servers: [Host]

    /// The name in `mongodb+srv://`; `nil` for `mongodb://`.
    public let serviceHost: String?

    /// What to ask DNS for in `mongodb+srv://`: `_mongodb._tcp.` before the name (`srvServiceName`).
    public var serviceName: String { "_\(uri.serviceName)._tcp.\(serviceHost ?? "")" }

    /// Whether the connections will be encrypted (`ssl=true`, `tls=true` or any other `tls…` option).
    public let usesTLS: Bool

    /// What the string says of TLS.
    public let tls: TLSSettings

    /// Whether the hosts come from DNS (`mongodb+srv://`), which has to answer before there can be a pool.
    public var needsSRVLookup: Bool { uri.isSRV }

    /// The most connections that the pool may open (`maxPoolSize`, 100 where the string leaves it out).
    public let maxPoolSize: Int

    /// Takes this string's secrets out of a text.
    public let redactor: Redactor

    /// Options that neither the driver nor this service knows.
    public let unknownOptions: [String]

    let uri: URI

    /// - Parameters:
    ///   - text: the connection string; white space around it is ignored.
    ///   - defaults: options to fill in where `text` does not name them.
    ///   - logger: takes a line where `text` names options that nobody knows.
    /// - Throws: ``ConnectionStringError`` where `text` or a file that it names cannot be used.
    public init(
        _ text: String,
        defaults: ConnectionDefaults = ConnectionDefaults(),
        logger: Logger? = nil
    ) throws(ConnectionStringError) {
        Driver.start
        let parts = try ConnectionStringParts(text.trimmed)
        redactor = Redactor(parts)
        try parts.check()
        try parts.checkValues()
        do {
            uri = try URI(parsing: parts.text)
        } catch {
            throw .malformed(reason: Self.reason(of: error, parts))
        }
        try parts.checkMechanism(usesTLS: uri.usesTLS)
        for option in ["tlsCAFile", "tlsCertificateKeyFile"] {
            if let path = uri.string(option) { try Self.checkReadable(path, option: option) }
        }
        uri.fillIn(defaults)
        usesTLS = uri.usesTLS
        tls = uri.tlsSettings
        if usesTLS { try Self.check(tls) }
        hosts = uri.hosts
        servers = uri.servers
        serviceHost = uri.isSRV ? hosts.first : nil
        // As the driver reads it: 0 is its default, and anything below counts as one.
        let size = uri.integer("maxpoolsize") ?? 0
        maxPoolSize = size == 0 ? 100 : max(1, Int(size))
        unknownOptions = parts.unknownOptions
        if let logger, !unknownOptions.isEmpty {
            logger.log(
                .warning, "MONGO_DB_URL names options that nobody knows: \(unknownOptions.joined(separator: ", "))")
        }
    }

    /// The driver's words, unless a secret or a piece of one stands in them: it repeats what it could not read.
    private static func reason(of error: URI.RefusedURI, _ parts: ConnectionStringParts) -> String {
        let words = Array(error.words.utf8)
        let secrets = parts.secrets + [parts.password].compactMap(\.self)
        let pieces = secrets.flatMap { secret -> [ArraySlice<UInt8>] in
            let bytes = Array(secret.utf8)
            return bytes.count < 4 ? [bytes[...]] : (0...bytes.count - 4).map { bytes[$0..<$0 + 4] }
        }
        let isSafe = !pieces.contains { piece in words.indices.contains { words[$0...].starts(with: piece) } }
        return isSafe ? error.words : "the driver refuses it"
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

    /// With what OpenSSL would say of the files at every connection. The system's store is not read for it.
    private static func check(_ settings: TLSSettings) throws(ConnectionStringError) {
        guard settings.caFile != nil || settings.certificateKeyFile != nil else { return }
        do {
            _ = try TLSContext(settings, needsAuthorities: false)
        } catch {
            throw .unusableFile(error)
        }
    }

    /// The user that it names; `nil` where it names none.
    public var user: String? { uri.user }

    /// `authMechanism`; `nil` where the string leaves it to the driver.
    public var mechanism: String? { uri.mechanism }

    /// Where the user is defined (`authSource`, or what stands for it).
    public var authSource: String { uri.authSource ?? "admin" }

    /// Whether the string itself says so: a TXT record may, where it does not.
    public var namesAuthSource: Bool { uri.namesAuthSource }

    /// `replicaSet`; `nil` where it names none.
    public var replicaSet: String? { uri.replicaSet }

    /// `loadBalanced=true`.
    public var isLoadBalanced: Bool { uri.isLoadBalanced }

    /// Whether only a primary may answer (`readPreference=primary`, the default), where there is a choice at all.
    public var readsFromPrimaryOnly: Bool { uri.readsFromPrimaryOnly }

    /// `directConnection`; `nil` where the string leaves it to the driver.
    public var isDirect: Bool? { uri.boolean("directconnection") }

    /// How long a TCP connection and each step of a handshake may take, in milliseconds (`connectTimeoutMS`).
    public var connectTimeoutMS: Int32 { uri.integer("connecttimeoutms") ?? 10_000 }
}

extension String {
    fileprivate var trimmed: String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
