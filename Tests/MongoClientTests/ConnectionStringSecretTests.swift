import SeededRandom
import Testing

@testable import MongoClient

/// Generated connection strings, right and broken: whatever is said of one holds no secret, nor a piece of one of four
/// characters or more that does not stand in the string's public parts as well.
@Suite struct ConnectionStringSecretTests {
    private struct Generated {
        var text: String
        var secrets: [String]
        /// What stands in the text beside the secrets.
        var publicParts: String
    }

    private static let alphabet = Array("abcXYZ0189@/:?&;=%#[]+ ~!$'()*,.-_|\\\"<>{}^`é✓")

    private static func word(_ random: inout SeededGenerator) -> String {
        String((0..<Int.random(in: 1...14, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "x" })
    }

    private static func generate(_ random: inout SeededGenerator) -> Generated {
        func form(_ secret: String, _ random: inout SeededGenerator) -> String {
            switch Int.random(in: 0..<4, using: &random) {
            // As it stands; but for what makes a whole option or another host of a piece of it, which nobody can tell.
            case 0: String(secret.map { "=&".contains($0) ? "x" : $0 })
            case 1: String(secret.percentEncoded.dropLast())
            default: secret.percentEncoded
            }
        }
        let password = word(&random)
        let keyPassword = word(&random)
        let token = word(&random)
        let host = ["localhost", "db.example.com.", "[::1]", "h1:1,h2:2", ""].randomElement(using: &random) ?? ""
        let user = ["u", "bookinfo", "a%40b"].randomElement(using: &random) ?? ""
        let port = ["", ":27017", ":99999", ":x"].randomElement(using: &random) ?? ""
        var options = ["authSource=test", "ssl=true", "foo=bar", "readPreference=x", "tls=maybe", "w", "appName=a;b"]
            .shuffled(using: &random).prefix(Int.random(in: 0...3, using: &random))
        let publicParts = ([host, user, port] + options).joined(separator: " ")
        options.append("tlsCertificateKeyFilePassword=\(form(keyPassword, &random))")
        options.append("authMechanismProperties=AWS_SESSION_TOKEN:\(form(token, &random))")
        options.shuffle(using: &random)
        let separator = ["@", "@", "@", ""].randomElement(using: &random) ?? ""
        let written = separator.isEmpty || host.isEmpty ? password.percentEncoded : form(password, &random)
        let text =
            "mongodb://\(user):\(written)\(separator)\(host)\(port)/test?"
            + options.joined(separator: "&")
        return Generated(text: text, secrets: [password, keyPassword, token], publicParts: publicParts)
    }

    /// What our own sentences hold of such pieces.
    private static let sentences =
        "malformed connection string tlsCertificateKeyFilePassword authMechanismProperties must be written as option value"

    @Test func nothingThatIsSaidHoldsASecret() {
        var random = SeededGenerator(seed: 12)
        for _ in 0..<5_000 {
            let generated = Self.generate(&random)
            var said: String
            do {
                let connectionString = try ConnectionString(generated.text)
                said =
                    connectionString.hosts.joined(separator: ",")
                    + connectionString.unknownOptions.joined(separator: ",")
                said += connectionString.redactor.redact("failed: \(generated.text)")
            } catch {
                said = "\(error)"
            }
            for secret in generated.secrets + generated.secrets.map(\.percentEncoded) {
                for piece in Self.pieces(of: secret)
                where said.contains(piece) && !generated.publicParts.contains(piece) && !Self.sentences.contains(piece)
                {
                    Issue.record("\(generated.text): \(said) holds \(piece)")
                    return
                }
            }
        }
    }

    private static func pieces(of secret: String) -> [String] {
        let characters = Array(secret)
        guard characters.count >= 4 else { return [] }
        return (0...characters.count - 4).map { String(characters[$0..<$0 + 4]) }
    }
}
