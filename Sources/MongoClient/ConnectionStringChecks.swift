import CMongoC
import Network

/// What would end the process, hang or fail for ever, said before anything starts.
extension ConnectionStringParts {
    private static let needPassword = ["", "SCRAM-SHA-1", "SCRAM-SHA-256", "PLAIN"]

    /// The last value of an option counts, as for the driver.
    func value(of keys: String...) -> String? {
        options.last { keys.contains($0.key) }.flatMap { $0.value.percentDecoded }
    }

    func check() throws(ConnectionStringError) {
        let names = ["tls", "ssl"]
        let values = Set(options.filter { names.contains($0.key) }.map { $0.value.lowercased() })
        if values.count > 1 { throw .option("tls", problem: "and ssl, its older name, contradict each other") }
        if values == ["false"], let option = options.first(where: { $0.key.hasPrefix("tls") && $0.key != "tls" }) {
            throw .option(option.name, problem: "needs TLS, which tls=false or ssl=false turns off")
        }
        let mechanism = value(of: "authmechanism") ?? ""
        if user != nil, password == nil, Self.needPassword.contains(mechanism.uppercased()) {
            throw .option(
                mechanism.isEmpty ? "the user" : "authMechanism",
                problem: "needs a password: mongodb://USER:PASSWORD@…, with %XX for what is no letter or digit")
        }
    }

    /// - Parameter usesTLS: as the driver understood the string.
    func checkMechanism(usesTLS: Bool) throws(ConnectionStringError) {
        if value(of: "authmechanism")?.uppercased() == "MONGODB-X509", !usesTLS {
            throw .option("authMechanism", problem: "is MONGODB-X509, which needs TLS: add tls=true")
        }
    }

    /// Names of options that neither the driver nor this service knows, as they were written; but for one behind a secret,
    /// of which it may be a piece.
    var unknownOptions: [String] {
        var names: [String] = []
        var isBehindSecret = false
        for option in options {
            if !option.isKnown { names.append(isBehindSecret ? "one behind a secret" : option.name) }
            isBehindSecret = isBehindSecret || option.isSecret
        }
        return names
    }

    /// Options whose values the driver takes for none at all, with a warning: the name as it was written.
    func checkValues() throws(ConnectionStringError) {
        for option in options {
            let value = option.value.percentDecoded ?? option.value
            if mongoc_uri_option_is_bool(option.key), !["true", "false"].contains(value) {
                throw .option(option.name, problem: "is neither true nor false")
            }
            let isNumber = mongoc_uri_option_is_int32(option.key) || mongoc_uri_option_is_int64(option.key)
            if isNumber, Int64(value) == nil { throw .option(option.name, problem: "is no number") }
        }
    }
}

extension ConnectionStringParts.Option {
    /// Whether the driver knows the option's name.
    var isKnown: Bool {
        mongoc_uri_option_is_int32(key) || mongoc_uri_option_is_int64(key) || mongoc_uri_option_is_bool(key)
            || mongoc_uri_option_is_utf8(key) || Self.untyped.contains(key)
    }

    /// Options that the driver knows and has no type for.
    private static let untyped: Set = [
        "readpreference", "readpreferencetags", "readconcernlevel", "w", "wtimeoutms", "journal", "j", "compressors",
        "authmechanism", "authmechanismproperties", "authsource", "appname", "gssapiservicename", "safe", "slaveok",
        "maxstalenessseconds", "zlibcompressionlevel", "fsync",
    ]
}
