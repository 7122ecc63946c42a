import Foundation
import LocalMongo
import Processes
import Testing

@testable import Faults

extension SteadyDatabase {
    /// Files that OpenSSL can't use: said before anything starts, in one line with the option, the file and the reason, and
    /// nothing asks for a password.
    @Suite
    struct KeyFiles {
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try await SteadyDatabase.shared.run()
        }

        enum Kind: String, CaseIterable {
            case certificateOnly, keyOnly, mismatch, pkcs12, der, javaKeyStore, text, encrypted,
                encryptedWithWrongPassword

            /// OpenSSL's own words, which differ between its versions, go last; `FILE` stands for the path.
            var words: String {
                switch self {
                case .certificateOnly: "tlsCertificateKeyFile FILE holds no private key in PEM (OpenSSL: …)"
                case .keyOnly, .text: "tlsCertificateKeyFile FILE holds no certificate in PEM (OpenSSL: …)"
                case .mismatch:
                    "certificate and private key in tlsCertificateKeyFile FILE do not belong together "
                        + "(OpenSSL: …)"
                case .pkcs12:
                    "tlsCertificateKeyFile FILE holds no certificate in PEM, but is PKCS#12 (OpenSSL: …)"
                case .der: "tlsCertificateKeyFile FILE holds no certificate in PEM, but is DER (OpenSSL: …)"
                case .javaKeyStore:
                    "tlsCertificateKeyFile FILE holds no certificate in PEM, but is a Java key store (OpenSSL: …)"
                case .encrypted:
                    "the key in tlsCertificateKeyFile FILE is encrypted: name its password with "
                        + "tlsCertificateKeyFilePassword (OpenSSL: …)"
                case .encryptedWithWrongPassword:
                    "the key in tlsCertificateKeyFile FILE cannot be decrypted with tlsCertificateKeyFilePassword "
                        + "(OpenSSL: …)"
                }
            }
        }

        /// Makes the file.
        private func make(_ kind: Kind, in directory: PrivateDirectory) async throws -> String {
            let workshop = CertificateWorkshop(directory: directory.path)
            _ = try await workshop.issue("client", by: nil)
            let base = "\(directory.path)/client-workshop"
            let file = directory.appending("file")
            func join(_ paths: String...) throws { try PrivateFile.join(paths, into: file) }
            switch kind {
            case .certificateOnly: try join("\(base).crt")
            case .keyOnly: try join("\(base).key")
            case .mismatch:
                _ = try await workshop.issue("other", by: nil)
                try join("\(base).crt", "\(directory.path)/other-workshop.key")
            case .pkcs12:
                try await OpenSSLCommand.run([
                    "pkcs12", "-export", "-in", "\(base).pem", "-out", file, "-passout", "pass:x",
                ])
            case .der: try await OpenSSLCommand.run(["x509", "-in", "\(base).crt", "-outform", "DER", "-out", file])
            case .javaKeyStore:
                try Data([0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2]).write(to: URL(fileURLWithPath: file))
            case .text: try Data("no certificate at all\n".utf8).write(to: URL(fileURLWithPath: file))
            case .encrypted, .encryptedWithWrongPassword:
                try await OpenSSLCommand.run(
                    [
                        "pkcs8", "-topk8", "-in", "\(base).key", "-out", "\(base).p8", "-passout",
                        "pass:right-c0nspicuous",
                    ])
                try join("\(base).crt", "\(base).p8")
            }
            return file
        }

        @Test(arguments: Kind.allCases)
        func isRefused(_ kind: Kind) async throws {
            let directory = try PrivateDirectory(name: "key-files")
            let file = try await make(kind, in: directory)
            let password = kind == .encryptedWithWrongPassword ? "&tlsCertificateKeyFilePassword=wrong-c0nspicuous" : ""
            let url = "mongodb://localhost:1/test?tls=true&tlsCertificateKeyFile=\(file)\(password)"
            let words = "MONGO_DB_URL cannot be used: " + kind.words.replacingOccurrences(of: "FILE", with: file)
            let start = try await Program.run(["29080"], environment: ["MONGO_DB_URL": url])
            #expect(start.status == .exited(78))
            #expect(FaultSentences.withoutOpenSSL(start.standardError) == "ratings: \(words)\n")
            let run = try await CheckedDatabase.check(url)
            #expect(run.status == .exited(78))
            #expect(run.checked.layers.first?.explanation.map(FaultSentences.withoutOpenSSL) == words)
        }

        /// At a terminal OpenSSL would ask there, and wait for ever.
        @Test func nobodyIsAskedAtATerminal() async throws {
            let directory = try PrivateDirectory(name: "key-files")
            let file = try await make(.encrypted, in: directory)
            let url = "mongodb://localhost:1/test?tls=true&tlsCertificateKeyFile=\(file)"
            let command = "'\(try Program.path())' check"
            let result = try await Program.run(
                "script", ["--quiet", "--return", "--command", command, "/dev/null"], environment: ["MONGO_DB_URL": url]
            )
            #expect(result.status == .exited(78), "\(result)")
            #expect(!result.standardOutput.lowercased().contains("pass phrase"), "\(result.standardOutput)")
        }

        @Test func rightPassword() async throws {
            let directory = try PrivateDirectory(name: "key-files")
            let file = try await make(.encrypted, in: directory)
            let options = ["tlsCertificateKeyFile=\(file)", "tlsCertificateKeyFilePassword=right-c0nspicuous"]
            // mongod does not know the client's CA; so the file was read, and more was tried.
            let run = try await CheckedDatabase.check(SteadyDatabase.database.url(options: options))
            #expect(run.checked.layers.first?.status == "passed", "\(run.text)")
            #expect(!run.text.contains("c0nspicuous"))
        }

        @Test func certificateAuthoritiesThatAreNone() async throws {
            let directory = try PrivateDirectory(name: "key-files")
            let file = try await make(.text, in: directory)
            let result = try await Program.run(
                ["29080"], environment: ["MONGO_DB_URL": "mongodb://localhost:1/test?tls=true&tlsCAFile=\(file)"])
            #expect(result.status == .exited(78))
            #expect(
                FaultSentences.withoutOpenSSL(result.standardError)
                    == "ratings: MONGO_DB_URL cannot be used: tlsCAFile \(file) holds no certificate in PEM "
                    + "(OpenSSL: …)\n")
        }
    }
}
