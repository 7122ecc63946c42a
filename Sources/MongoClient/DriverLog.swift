import CMongoC
import Log

/// Passes the driver's own messages on to our log: without secrets, and without repeating a warning.
struct DriverLog {
    private let logger: Logger
    private let redactor: Redactor
    private var alreadyWarned: Set<String> = []

    init(logger: Logger, redactor: Redactor) {
        self.logger = logger
        self.redactor = redactor
    }

    mutating func write(_ message: String, domain: String, level: mongoc_log_level_t) {
        logger.log(ourLevel(of: level, message: message), redactor.redact(message), metadata: ["domain": domain])
    }

    /// A warning is worth a line once; said again it is of use to a debugger only. The set stops growing at 100 texts.
    private mutating func ourLevel(of level: mongoc_log_level_t, message: String) -> Level {
        switch level {
        case MONGOC_LOG_LEVEL_ERROR, MONGOC_LOG_LEVEL_CRITICAL, MONGOC_LOG_LEVEL_WARNING:
            guard alreadyWarned.count < 100, alreadyWarned.insert(message).inserted else { return .debug }
            return .warning
        case MONGOC_LOG_LEVEL_TRACE:
            return .trace
        default:
            return .debug
        }
    }
}
