import Testing

@testable import MongoClient

@Suite struct RedactorTests {
    @Test func takesOutSecretsAsWrittenAndDecoded() {
        let secrets = ConnectionString.secrets(in: "mongodb://u:p%40ss%2Fword@h/?tlsCertificateKeyFilePassword=k%3Dy")
        let redactor = Redactor(secrets: secrets)
        #expect(redactor.redact("p%40ss%2Fword p@ss/word k%3Dy k=y h") == "*** *** *** *** h")
    }

    @Test func theLongerSecretGoesFirst() {
        #expect(Redactor(secrets: ["ab", "abcd"]).redact("abcd ab") == "*** ***")
    }

    @Test func leavesEverythingElse() throws {
        #expect(
            try ConnectionString("mongodb://h/test").redactor.redact("No suitable servers found")
                == "No suitable servers found")
        #expect(try ConnectionString("mongodb://u:@h/test").redactor.redact("text") == "text")
    }
}
