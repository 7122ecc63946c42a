import CMongoC
import Threads

/// What the driver's monitors last heard from each server. A selection error often says no more than "No suitable servers
/// found"; the heartbeat knows the certificate or the reset behind it, and long before the selection gives up.
///
/// Source: <https://mongoc.org/libmongoc/1.23.1/application-performance-monitoring.html>. The callbacks come on monitor
/// threads, some of them under the topology's mutex, so they only take a lock, and they never call the driver.
public final class Heartbeats: Sendable {
    /// A heartbeat that failed.
    public struct Failure: Sendable {
        /// `host:port`.
        public let server: String
        /// The driver's words, without secrets.
        public let reason: String
        /// How long the server was waited for.
        public let milliseconds: Int64
    }

    private enum Last {
        case none
        case succeeded
        case failed(Failure)

        var failure: Failure? { if case .failed(let failure) = self { failure } else { nil } }
    }

    /// The last heartbeat of each server that the driver watches: those of the connection string until a replica set names
    /// its members, and the members from then on.
    private let last = Locked<[String: Last]>([:])
    private let redactor: Redactor

    init(redactor: Redactor) {
        self.redactor = redactor
    }

    /// The servers whose last heartbeat failed, in the order of their names.
    public var failures: [Failure] {
        last.withLock { $0.values.compactMap(\.failure) }.sorted { $0.server < $1.server }
    }

    /// Whether servers have been heard or have failed, and all of those failed.
    public var allFail: Bool {
        last.withLock { last in
            let heard = last.values.filter { if case .none = $0 { false } else { true } }
            return !heard.isEmpty && heard.allSatisfy { $0.failure != nil }
        }
    }

    /// Sets the callbacks of a new pool. The pool must not outlive `self`, which it gets unretained.
    func listen(to pool: OpaquePointer) {
        guard let callbacks = mongoc_apm_callbacks_new() else { return }
        defer { mongoc_apm_callbacks_destroy(callbacks) }
        mongoc_apm_set_server_opening_cb(callbacks, serverOpening)
        mongoc_apm_set_server_closed_cb(callbacks, serverClosed)
        mongoc_apm_set_server_heartbeat_succeeded_cb(callbacks, heartbeatSucceeded)
        mongoc_apm_set_server_heartbeat_failed_cb(callbacks, heartbeatFailed)
        mongoc_client_pool_set_apm_callbacks(pool, callbacks, Unmanaged.passUnretained(self).toOpaque())
    }

    fileprivate func opening(_ server: String) {
        last.withLock { $0[server] = Last.none }
    }

    fileprivate func closed(_ server: String) {
        last.withLock { _ = $0.removeValue(forKey: server) }
    }

    fileprivate func succeeded(_ server: String) {
        note(.succeeded, of: server)
    }

    /// A monitor may have one more to tell after its server has been closed.
    private func note(_ heartbeat: Last, of server: String) {
        last.withLock { if $0[server] != nil { $0[server] = heartbeat } }
    }

    fileprivate func failed(_ server: String, _ reason: String, microseconds: Int64) {
        note(
            .failed(Failure(server: server, reason: redactor.redact(reason), milliseconds: microseconds / 1000)),
            of: server)
    }
}

// File-scope functions, for the reason given at forwardToLog. An event is valid only during its callback.

private func serverOpening(_ event: OpaquePointer?) {
    guard let event, let context = mongoc_apm_server_opening_get_context(event) else { return }
    Unmanaged<Heartbeats>.fromOpaque(context).takeUnretainedValue().opening(
        String(cString: cmongoc_host_and_port(mongoc_apm_server_opening_get_host(event))))
}

private func serverClosed(_ event: OpaquePointer?) {
    guard let event, let context = mongoc_apm_server_closed_get_context(event) else { return }
    Unmanaged<Heartbeats>.fromOpaque(context).takeUnretainedValue().closed(
        String(cString: cmongoc_host_and_port(mongoc_apm_server_closed_get_host(event))))
}

private func heartbeatSucceeded(_ event: OpaquePointer?) {
    guard let event, let context = mongoc_apm_server_heartbeat_succeeded_get_context(event) else { return }
    let server = String(cString: cmongoc_host_and_port(mongoc_apm_server_heartbeat_succeeded_get_host(event)))
    Unmanaged<Heartbeats>.fromOpaque(context).takeUnretainedValue().succeeded(server)
}

private func heartbeatFailed(_ event: OpaquePointer?) {
    guard let event, let context = mongoc_apm_server_heartbeat_failed_get_context(event) else { return }
    var error = bson_error_t()
    mongoc_apm_server_heartbeat_failed_get_error(event, &error)
    let reason = String(cString: cmongoc_error_message(&error))
    // The driver cancels a check when a command on another connection fails. That says nothing of the server.
    guard !reason.isEmpty else { return }
    Unmanaged<Heartbeats>.fromOpaque(context).takeUnretainedValue().failed(
        String(cString: cmongoc_host_and_port(mongoc_apm_server_heartbeat_failed_get_host(event))),
        reason,
        microseconds: mongoc_apm_server_heartbeat_failed_get_duration(event)
    )
}
