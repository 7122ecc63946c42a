/// Takes the secrets of a connection string out of any text that a person or a log may see.
public struct Redactor: Sendable {
    /// The longest first, so that a secret that contains another goes as a whole.
    private let secrets: [String]

    /// - Parameter secrets: passwords, as they stand in the URL and decoded.
    init(secrets: some Sequence<String>) {
        self.secrets = Set(secrets).filter { !$0.isEmpty }.sorted { $0.count > $1.count }
    }

    /// `text` with every secret replaced by `***`.
    public func redact(_ text: String) -> String {
        secrets.reduce(text) { text, secret in
            var rest = text[...]
            var redacted = ""
            while let character = rest.first {
                let isSecret = rest.hasPrefix(secret)
                redacted += isSecret ? "***" : String(character)
                rest.removeFirst(isSecret ? secret.count : 1)
            }
            return redacted
        }
    }
}
