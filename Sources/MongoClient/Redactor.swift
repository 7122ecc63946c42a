/// Takes the secrets of a connection string out of texts that are not our own: of the driver and of servers.
///
/// It goes by where a secret stands, between the marks of a connection string (`:PASSWORD@`, `NAME=VALUE`), and not by what
/// it is: a password `p` leaves every other p alone. Our own texts hold no secret in the first place.
public struct Redactor: Sendable {
    /// As they are written in a string and decoded, with their marks.
    private let secrets: [(before: [UInt8], secret: [UInt8], after: [UInt8])]

    /// For what has to do with no connection string.
    static let none = Redactor(secrets: [])

    private init(secrets: [(before: [UInt8], secret: [UInt8], after: [UInt8])]) {
        self.secrets = secrets
    }

    /// - Parameter parts: of the connection string.
    init(_ parts: ConnectionStringParts) {
        var secrets: [(before: [UInt8], secret: [UInt8], after: [UInt8])] = []
        func add(_ secret: String, _ before: String, _ after: String) {
            for form in Set([secret, secret.percentEncoded, secret.percentDecoded ?? secret]) where !form.isEmpty {
                secrets.append((Array(before.utf8), Array(form.utf8), Array(after.utf8)))
            }
        }
        if let password = parts.password { add(password, ":", "@") }
        for option in parts.options where option.isSecret { add(option.value, option.name + "=", "") }
        self.secrets = secrets.sorted { $0.secret.count > $1.secret.count }
    }

    /// `text` with every secret replaced by `***`.
    public func redact(_ text: String) -> String {
        guard !secrets.isEmpty else { return text }
        var rest = Array(text.utf8)[...]
        var redacted: [UInt8] = []
        while let byte = rest.first {
            if let found = secrets.first(where: { rest.starts(with: $0.before + $0.secret + $0.after) }) {
                redacted += found.before + Array("***".utf8) + found.after
                rest = rest.dropFirst(found.before.count + found.secret.count + found.after.count)
            } else {
                redacted.append(byte)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: redacted, as: UTF8.self)
    }
}
