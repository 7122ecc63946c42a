import CMongoC
import Logging
import Synchronization

/// The driver's process-wide state: it is initialised once and never cleaned up, since `mongoc_cleanup` cannot be undone
/// (<https://mongoc.org/libmongoc/1.23.1/mongoc_cleanup.html>).
enum Driver {
    /// Takes effect once, whoever asks first.
    static let start: Void = {
        mongoc_init()
        mongoc_log_set_handler(forwardToSwiftLog, nil)
    }()

    /// Where the driver's own messages go. Set by every new ``MongoClientPool``; the last one wins, as the driver knows
    /// only one handler per process.
    static let log = Mutex<DriverLog?>(nil)
}

/// A file-scope function and not a closure: the driver calls it on its monitor threads, where a closure with an inherited
/// actor isolation would abort the process.
private func forwardToSwiftLog(
    level: mongoc_log_level_t,
    domain: UnsafePointer<CChar>?,
    message: UnsafePointer<CChar>?,
    context: UnsafeMutableRawPointer?
) {
    guard let message else { return }
    let text = String(cString: message)
    let domain = domain.map { String(cString: $0) } ?? "mongoc"
    Driver.log.withLock { $0?.write(text, domain: domain, level: level) }
}
