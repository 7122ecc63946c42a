import CMongoC
import Glibc
import Log
import Network
import Threads

/// The driver's process-wide state: it is initialised once and never cleaned up, since `mongoc_cleanup` cannot be undone
/// (<https://mongoc.org/libmongoc/1.23.1/mongoc_cleanup.html>).
public enum Driver {
    /// Takes effect once, whoever asks first. A process that may end without `exit` asks for it before anything else, so
    /// that it leaves no file of the driver's behind.
    public static let start: Void = {
        OpenSSL.start
        cmongoc_return_large_memory()
        mongoc_init()
        mongoc_log_set_handler(forwardToLog, nil)
        // The driver's counters, already mapped when it was loaded; the file would outlive a process that is killed.
        shm_unlink("/mongoc-\(getpid())")
    }()

    /// The driver's version, such as `1.23.1`.
    public static var version: String { String(cString: mongoc_get_version()) }

    /// Where the driver's own messages go. Set with every connection string and pool; the last one wins, as the driver
    /// knows only one handler per process.
    fileprivate static let log = Locked<DriverLog?>(nil)

    /// Threads on which the driver is not listened to.
    fileprivate static let silencedThreads = Locked<Set<pthread_t>>([])

    /// Lets nothing through that the driver logs meanwhile on this thread: what it says of a connection string may hold a
    /// secret, and what it says of a walk is said better elsewhere.
    static func silently<Result, Failure>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        let thread = pthread_self()
        silencedThreads.withLock { _ = $0.insert(thread) }
        defer { silencedThreads.withLock { _ = $0.remove(thread) } }
        return try body()
    }

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
    guard let message, !Driver.silencedThreads.withLock({ $0.contains(pthread_self()) }) else { return }
    let text = String(cString: message)
    let domain = domain.map { String(cString: $0) } ?? "mongoc"
    Driver.log.withLock { $0?.write(text, domain: domain, level: level) }
}
