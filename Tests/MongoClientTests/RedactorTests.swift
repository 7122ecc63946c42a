import Testing

@testable import MongoClient

@Suite struct RedactorTests {
    private func redactor(_ url: String) throws -> Redactor {
        Redactor(try ConnectionStringParts(url))
    }

    @Test func takesOutSecretsWhereTheyStand() throws {
        let url = "mongodb://u:p%40ss%2Fword@h:1/?tlsCertificateKeyFilePassword=k%3Dy"
        #expect(
            try redactor(url).redact("cannot use \(url) (u:p@ss/word@h:1, k=y, tlsCertificateKeyFilePassword=k=y)")
                == "cannot use mongodb://u:***@h:1/?tlsCertificateKeyFilePassword=*** "
                + "(u:***@h:1, k=y, tlsCertificateKeyFilePassword=***)")
    }

    /// A short password is a word like any other.
    @Test func leavesEverythingElse() throws {
        #expect(
            try redactor("mongodb://p:p@h/test").redact("no suitable servers: p, connect: p, p@h, p:p@h")
                == "no suitable servers: p, connect: p, p@h, p:***@h")
        #expect(try redactor("mongodb://h/test").redact("No suitable servers found") == "No suitable servers found")
        #expect(try redactor("mongodb://u:@h/test").redact("text :@ text") == "text :@ text")
    }
}
