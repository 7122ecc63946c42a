import Log

/// What the environment says, checked before anything starts.
public struct ServiceConfiguration: Sendable, Equatable {
    /// The database (`MONGO_DB_URL`): a connection string, with its secrets.
    public let mongoDBURL: String

    /// No request takes longer than this, in milliseconds (`REQUEST_TIMEOUT_MS`). Its caller, reviews v3, gives up after
    /// 2.5 s.
    public let requestTimeoutMS: Int32

    /// The least level of the lines in the log (`LOG_LEVEL`).
    public let logLevel: Level

    /// What ``init(environment:)`` reads.
    public static let variables = ["MONGO_DB_URL", "REQUEST_TIMEOUT_MS", "LOG_LEVEL", "SERVICE_VERSION", "DB_TYPE"]

    /// - Parameter environment: the process's environment. An empty value counts as missing.
    /// - Throws: ``ConfigurationError``
    public init(environment: [String: String]) throws(ConfigurationError) {
        let environment = environment.filter { !$0.value.isEmpty }
        if let version = environment["SERVICE_VERSION"], version != "v2" {
            throw ConfigurationError(
                "SERVICE_VERSION is \(version): this service is ratings v2 only; set v2 or nothing")
        }
        if let type = environment["DB_TYPE"], type != "mongodb" {
            throw ConfigurationError("DB_TYPE is \(type): this service reads MongoDB only; set mongodb or nothing")
        }
        guard let url = environment["MONGO_DB_URL"] else {
            throw ConfigurationError(
                "MONGO_DB_URL is missing: set it to the database, such as mongodb://HOST:27017/test?ssl=true")
        }
        mongoDBURL = url
        requestTimeoutMS = try Self.requestTimeoutMS(environment["REQUEST_TIMEOUT_MS"])
        logLevel = try Self.logLevel(environment["LOG_LEVEL"])
    }

    private static func logLevel(_ text: String?) throws(ConfigurationError) -> Level {
        let text = (text ?? "info").lowercased()
        guard let level = Level(rawValue: text) else {
            let levels = Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw ConfigurationError("LOG_LEVEL is \(text): set one of \(levels)")
        }
        return level
    }

    private static func requestTimeoutMS(_ text: String?) throws(ConfigurationError) -> Int32 {
        guard let text else { return 2000 }
        guard let milliseconds = Int32(text), (200...60_000).contains(milliseconds) else {
            throw ConfigurationError("REQUEST_TIMEOUT_MS is \(text): set milliseconds from 200 to 60000")
        }
        return milliseconds
    }

    /// - Parameter text: the command line's port, as the original's `node ratings.js 9080`.
    /// - Throws: ``ConfigurationError`` where it is no port to listen on.
    public static func port(_ text: String) throws(ConfigurationError) -> UInt16 {
        guard let port = UInt16(text), port > 0 else {
            throw ConfigurationError("the port is \(text): set a number from 1 to 65535")
        }
        return port
    }
}
