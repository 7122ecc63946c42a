import CMongoC
import Synchronization

/// Remembers why the driver's monitors last failed to reach each server. A selection error often says no more than
/// "No suitable servers found"; the heartbeat knows the certificate or the reset behind it.
///
/// Source: <https://mongoc.org/libmongoc/1.23.1/application-performance-monitoring.html>. The callbacks come on monitor
/// threads, so they only take a lock, and they never call the driver.
public final class HeartbeatFailures: Sendable {
    private let failures = Mutex<[String: String]>([:])
    private let redactor: Redactor

    init(redactor: Redactor) {
        self.redactor = redactor
    }

    /// The reasons by server (`host:port`), without secrets; empty while all servers answer.
    public var current: [String: String] {
        failures.withLock { $0 }
    }

    /// Sets the callbacks of a new pool. The pool must not outlive `self`, which it gets unretained.
    func listen(to pool: OpaquePointer) {
        guard let callbacks = mongoc_apm_callbacks_new() else { return }
        defer { mongoc_apm_callbacks_destroy(callbacks) }
        mongoc_apm_set_server_heartbeat_succeeded_cb(callbacks, heartbeatSucceeded)
        mongoc_apm_set_server_heartbeat_failed_cb(callbacks, heartbeatFailed)
        mongoc_client_pool_set_apm_callbacks(pool, callbacks, Unmanaged.passUnretained(self).toOpaque())
    }

    fileprivate func succeeded(_ server: String) {
        failures.withLock { _ = $0.removeValue(forKey: server) }
    }

    fileprivate func failed(_ server: String, _ reason: String) {
        let reason = redactor.redact(reason)
        failures.withLock { $0[server] = reason }
    }
}

// File-scope functions, for the reason given at forwardToSwiftLog. An event is valid only during its callback.

private func heartbeatSucceeded(_ event: OpaquePointer?) {
    guard let event, let context = mongoc_apm_server_heartbeat_succeeded_get_context(event) else { return }
    let server = String(cString: cmongoc_host_and_port(mongoc_apm_server_heartbeat_succeeded_get_host(event)))
    Unmanaged<HeartbeatFailures>.fromOpaque(context).takeUnretainedValue().succeeded(server)
}

private func heartbeatFailed(_ event: OpaquePointer?) {
    guard let event, let context = mongoc_apm_server_heartbeat_failed_get_context(event) else { return }
    var error = bson_error_t()
    mongoc_apm_server_heartbeat_failed_get_error(event, &error)
    let server = String(cString: cmongoc_host_and_port(mongoc_apm_server_heartbeat_failed_get_host(event)))
    Unmanaged<HeartbeatFailures>.fromOpaque(context).takeUnretainedValue()
        .failed(server, String(cString: cmongoc_error_message(&error)))
}
