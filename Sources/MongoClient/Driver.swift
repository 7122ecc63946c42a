import CMongoC
import Glibc
import Log
import Threads

/// The driver's process-wide state: it is initialised once and never cleaned up, since `mongoc_cleanup` cannot be undone
/// (<https://mongoc.org/libmongoc/1.23.1/mongoc_cleanup.html>).
public enum Driver {
    /// Takes effect once, whoever asks first. A process that may end without `exit` asks for it before anything else, so
    /// that it leaves no file of the driver's behind.
    public static let start: Void = {
        cmongoc_return_large_memory()
        mongoc_init()
        mongoc_log_set_handler(forwardToLog, nil)
        // The driver's counters, already mapped when it was loaded; the file would outlive a process that is killed.
        shm_unlink("/mongoc-\(getpid())")
    }()

    /// Where the driver's own messages go. Set with every connection string and pool; the last one wins, as the driver
    /// knows only one handler per process.
    fileprivate static let log = Locked<DriverLog?>(nil)

    static func send(to logger: Logger, _ redactor: Redactor) {
        log.withLock { $0 = DriverLog(logger: logger, redactor: redactor) }
    }
}

/// A file-scope function and not a closure: the driver calls it on its monitor threads, where a closure with an inherited
/// actor isolation would abort the process.
private func forwardToLog(
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
