import CMongoC
import Network

/// Owns a `mongoc_uri_t`.
///
/// `@unchecked Sendable`: a `mongoc_uri_t` is not thread-safe while it is changed
/// (<https://mongoc.org/libmongoc/1.23.1/mongoc_uri_t.html>), so it is changed only by ``fillIn(_:)`` inside the
/// initialiser of ``ConnectionString``, before anybody else can see it, and only read afterwards.
final class URI: @unchecked Sendable {
    let pointer: OpaquePointer

    /// - Throws: the driver's words, which may hold any piece of `text`.
    init(parsing text: String) throws(RefusedURI) {
        var error = bson_error_t()
        guard let pointer = Driver.silently({ mongoc_uri_new_with_error(text, &error) }) else {
            throw RefusedURI(words: String(cString: cmongoc_error_message(&error)))
        }
        self.pointer = pointer
    }

    /// The driver does not take a string.
    struct RefusedURI: Error {
        /// Perhaps with secrets.
        let words: String
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

    /// The servers that it names; empty for `mongodb+srv://`.
    var servers: [Host] {
        var servers: [Host] = []
        var next = isSRV ? nil : mongoc_uri_get_hosts(pointer)
        while let host = next {
            servers.append(Host(name: String(cString: cmongoc_host(host)), port: host.pointee.port))
            next = UnsafePointer(host.pointee.next)
        }
        return servers
    }

    /// The same deployment's user and time-outs for one server alone, whatever set it belongs to. The driver has no call to
    /// change a string's hosts, so what a walk needs is set anew.
    ///
    /// - Parameter authSource: what a TXT record says, where the string does not.
    func direct(to host: Host, authSource: String?) throws(MongoError) -> URI {
        var text = "mongodb://\(host.isUnixSocket ? host.name.percentEncoded : host.description)/"
        text += isLoadBalanced ? "?loadBalanced=true" : "?directConnection=true"
        let uri: URI
        do {
            uri = try URI(parsing: text)
        } catch {
            throw MongoError(domain: 0, code: 0, message: "the driver does not take the host \(host)")
        }
        for option in ["connecttimeoutms", "sockettimeoutms"] {
            if let value = integer(option) { mongoc_uri_set_option_as_int32(uri.pointer, option, value) }
        }
        if let value = integer("connecttimeoutms") {
            mongoc_uri_set_option_as_int32(uri.pointer, "serverselectiontimeoutms", value)
        }
        if usesTLS { mongoc_uri_set_option_as_bool(uri.pointer, "tls", true) }
        for option in ["tlscertificatekeyfile", "tlscertificatekeyfilepassword"] {
            if let value = string(option) { mongoc_uri_set_option_as_utf8(uri.pointer, option, value) }
        }
        if let name = mongoc_uri_get_appname(pointer) { mongoc_uri_set_appname(uri.pointer, name) }
        mongoc_uri_set_read_concern(uri.pointer, mongoc_uri_get_read_concern(pointer))
        copyCredentials(to: uri, authSource: authSource)
        return uri
    }

    private func copyCredentials(to uri: URI, authSource: String?) {
        if let user = mongoc_uri_get_username(pointer) { mongoc_uri_set_username(uri.pointer, user) }
        if let password = mongoc_uri_get_password(pointer) { mongoc_uri_set_password(uri.pointer, password) }
        if let database = mongoc_uri_get_database(pointer) { mongoc_uri_set_database(uri.pointer, database) }
        if let mechanism = mongoc_uri_get_auth_mechanism(pointer) {
            mongoc_uri_set_auth_mechanism(uri.pointer, mechanism)
        }
        if let properties = cmongoc_mechanism_properties(pointer) {
            mongoc_uri_set_mechanism_properties(uri.pointer, properties)
            bson_destroy(properties)
        }
        // The driver's own answer already falls back to the database, and to "admin".
        if let source = authSource ?? mongoc_uri_get_auth_source(pointer).map({ String(cString: $0) }),
            mongoc_uri_get_username(pointer) != nil || mongoc_uri_get_auth_mechanism(pointer) != nil
        {
            mongoc_uri_set_auth_source(uri.pointer, source)
        }
    }

    var isLoadBalanced: Bool { boolean("loadbalanced") ?? false }

    var user: String? { mongoc_uri_get_username(pointer).map { String(cString: $0) } }

    var mechanism: String? { mongoc_uri_get_auth_mechanism(pointer).map { String(cString: $0) } }

    var authSource: String? { mongoc_uri_get_auth_source(pointer).map { String(cString: $0) } }

    var namesAuthSource: Bool { string("authsource") != nil }

    var replicaSet: String? { mongoc_uri_get_replica_set(pointer).map { String(cString: $0) } }

    var serviceName: String { mongoc_uri_get_srv_service_name(pointer).map { String(cString: $0) } ?? "mongodb" }

    var readsFromPrimaryOnly: Bool {
        mongoc_read_prefs_get_mode(mongoc_uri_get_read_prefs_t(pointer)) == MONGOC_READ_PRIMARY
    }

    var tlsSettings: TLSSettings {
        var settings = TLSSettings()
        settings.caFile = string("tlscafile")
        settings.certificateKeyFile = string("tlscertificatekeyfile")
        settings.certificateKeyFilePassword = string("tlscertificatekeyfilepassword")
        let isInsecure = boolean("tlsinsecure") ?? false
        settings.allowsInvalidCertificates = boolean("tlsallowinvalidcertificates") ?? isInsecure
        settings.allowsInvalidHostnames = boolean("tlsallowinvalidhostnames") ?? isInsecure
        return settings
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
