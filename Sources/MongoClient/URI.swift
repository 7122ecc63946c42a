import CMongoC

/// Owns a `mongoc_uri_t`.
///
/// `@unchecked Sendable`: a `mongoc_uri_t` is not thread-safe while it is changed
/// (<https://mongoc.org/libmongoc/1.23.1/mongoc_uri_t.html>), so it is changed only by ``fillIn(_:)`` inside the
/// initialiser of ``ConnectionString``, before anybody else can see it, and only read afterwards.
final class URI: @unchecked Sendable {
    let pointer: OpaquePointer

    init(parsing text: String, redactor: Redactor) throws(ConnectionStringError) {
        var error = bson_error_t()
        guard let pointer = mongoc_uri_new_with_error(text, &error) else {
            throw .malformed(reason: redactor.redact(String(cString: cmongoc_error_message(&error))))
        }
        self.pointer = pointer
    }

    deinit { mongoc_uri_destroy(pointer) }

    var usesTLS: Bool { mongoc_uri_get_tls(pointer) }

    var isSRV: Bool { mongoc_uri_get_srv_hostname(pointer) != nil }

    var hosts: [String] {
        if let name = mongoc_uri_get_srv_hostname(pointer) { return [String(cString: name)] }
        var hosts: [String] = []
        var next = mongoc_uri_get_hosts(pointer)
        while let host = next {
            hosts.append(String(cString: cmongoc_host_and_port(host)))
            next = UnsafePointer(host.pointee.next)
        }
        return hosts
    }

    /// The text of an option, where the string names it and it is not empty.
    func string(_ option: String) -> String? {
        mongoc_uri_get_option_as_utf8(pointer, option, nil).map { String(cString: $0) }
    }

    func integer(_ option: String) -> Int32? {
        mongoc_uri_has_option(pointer, option) ? mongoc_uri_get_option_as_int32(pointer, option, 0) : nil
    }

    func boolean(_ option: String) -> Bool? {
        mongoc_uri_has_option(pointer, option) ? mongoc_uri_get_option_as_bool(pointer, option, false) : nil
    }

    func fillIn(_ defaults: ConnectionDefaults) {
        setIfMissing("serverselectiontimeoutms", defaults.serverSelectionTimeoutMS)
        setIfMissing("connecttimeoutms", defaults.connectTimeoutMS)
        setIfMissing("sockettimeoutms", defaults.socketTimeoutMS)
        setIfMissing("waitqueuetimeoutms", defaults.waitQueueTimeoutMS)
        setIfMissing("heartbeatfrequencyms", defaults.heartbeatFrequencyMS)
        if mongoc_uri_get_appname(pointer) == nil { mongoc_uri_set_appname(pointer, defaults.appName) }
        if usesTLS, defaults.disableOCSPEndpointCheck, !impliesNoOCSPEndpointCheck {
            mongoc_uri_set_option_as_bool(pointer, "tlsdisableocspendpointcheck", true)
        }
    }

    private func setIfMissing(_ option: String, _ value: Int32) {
        if !mongoc_uri_has_option(pointer, option) { mongoc_uri_set_option_as_int32(pointer, option, value) }
    }

    /// The driver refuses `tlsDisableOCSPEndpointCheck` beside an option that implies it.
    private var impliesNoOCSPEndpointCheck: Bool {
        let options = [
            "tlsdisableocspendpointcheck", "tlsdisablecertificaterevocationcheck", "tlsinsecure",
            "tlsallowinvalidcertificates",
        ]
        return options.contains { mongoc_uri_has_option(pointer, $0) }
    }
}
