import Foundation

@testable import Faults

/// What each fault is told by: layer, cause, and the whole sentence.
enum FaultSentences {
    static let all: [DatabaseFault: CheckedDatabase.Finding] = [
        .nameNotFound: finding("dns", "nameNotFound", "DNS has no name nosuch.invalid"),
        .serviceNameNotFound: finding(
            "dns", "serviceRecordsMissing",
            "DNS has no SRV record _mongodb._tcp.a.nosuch.invalid"),
        .refused: finding(
            "tcp", "connectionRefused",
            "nothing accepts connections at localhost:PORT: 127.0.0.1:PORT: connection refused"),
        .synUnanswered: finding(
            "tcp", "connectionSilent",
            "no answer to the attempt to connect to 127.0.0.1:PORT: 127.0.0.1:PORT: no answer for N ms"),
        .unixSocketMissing: finding(
            "tcp", "unixSocketMissing",
            "no server at the Unix socket DIRECTORY/mongodb-27017.sock: no such file or directory"),
        .silent: finding(
            "tls", "silentDuringHandshake",
            "localhost:PORT accepted the connection and did not answer in the TLS handshake for N ms"),
        .closesAtOnce: finding(
            "tls", "closedDuringHandshake",
            "localhost:PORT accepted the connection and closed it N ms after the begin of the TLS handshake, without a word"
        ),
        .reset: finding(
            "tls", "closedDuringHandshake",
            "localhost:PORT accepted the connection and reset it N ms after the begin of the TLS handshake, without a word"
        ),
        .closesAfterClientHello: finding(
            "tls", "closedDuringHandshake",
            "localhost:PORT accepted the connection and closed it N ms after the begin of the TLS handshake, without a word"
        ),
        .resetsAfterClientHello: finding(
            "tls", "closedDuringHandshake",
            "localhost:PORT accepted the connection and reset it N ms after the begin of the TLS handshake, without a word"
        ),
        .answersHTTPToTLS: finding(
            "tls", "serverSpeaksNoTLS",
            "what answers at localhost:PORT speaks no TLS that this client knows (wrong version number)"),
        .tlsToAPlainServer: finding(
            "tls", "serverSpeaksNoTLS",
            "localhost:PORT is a MongoDB without TLS, and the connection string asks for it"),
        .clientCertificateMissing: finding(
            "tls", "clientCertificateRequired",
            "localhost:PORT requires a certificate of the client, and got none (tlsv13 alert certificate required)"),
        .clientCertificateMissingInTLS12: finding(
            "tls", "clientCertificateRequired",
            "localhost:PORT requires a certificate of the client, and got none (sslv3 alert handshake failure)"),
        .certificateExpired: finding(
            "tls", "certificateExpired",
            certificate(
                "server", for: "localhost, 127.0.0.1, ::1", by: "ca", of: "throw-away", "it expired on DATE UTC")),
        .certificateNotYetValid: finding(
            "tls", "certificateNotYetValid",
            certificate(
                "server", for: "localhost, 127.0.0.1, ::1", by: "ca", of: "throw-away", "it is valid from DATE UTC on")),
        .certificateForAnotherName: finding(
            "tls", "certificateForAnotherName",
            certificate(
                "server", for: "mongo.example.com, 192.0.2.1", by: "ca", of: "throw-away",
                "it is for mongo.example.com, 192.0.2.1, and not for localhost")),
        .noCA: finding(
            "tls", "certificateIssuerUnknown",
            certificate(
                "server", for: "localhost, 127.0.0.1, ::1", by: "ca", of: "throw-away",
                "issued by O=ratings throw-away, CN=ca, which was neither sent nor is in the system's store of CAs")),
        .certificateFromUnknownCA: finding(
            "tls", "certificateIssuerUnknown",
            certificate(
                "server", for: "localhost, 127.0.0.1, ::1", by: "another", of: "throw-away",
                "issued by O=ratings throw-away, CN=another, which was neither sent nor is in tlsCAFile DIRECTORY/ca.pem"
            )),
        .selfSigned: finding(
            "tls", "certificateSelfSigned",
            certificate(
                "self", for: "localhost", by: "self", of: "workshop",
                "it is signed by itself, and not in tlsCAFile DIRECTORY/ca.pem")),
        .intermediateMissing: finding(
            "tls", "certificateIssuerUnknown",
            certificate(
                "leaf", for: "localhost", by: "intermediate", of: "workshop",
                "issued by O=ratings workshop, CN=intermediate, which was neither sent nor is in tlsCAFile DIRECTORY/ca.pem"
            )),
        .intermediateAloneAsCA: finding(
            "tls", "certificateAuthorityIncomplete",
            certificate(
                "leaf", for: "localhost", by: "intermediate", of: "workshop",
                "O=ratings workshop, CN=intermediate is in tlsCAFile DIRECTORY/intermediate-workshop.pem, but is no root, and its own issuer O=ratings throw-away, CN=ca is not there"
            )),
        .issuerIsNoCA: finding(
            "tls", "certificateIssuerNoAuthority",
            certificate(
                "leaf", for: "localhost", by: "impostor", of: "workshop",
                "its issuer O=ratings workshop, CN=impostor is no CA's (basic constraints, key usage), and has issued another one"
            )),
        .extendedKeyUsageOfClients: finding(
            "tls", "certificateNotForServers",
            certificate(
                "leaf", for: "localhost", by: "ca", of: "workshop", signedBy: "throw-away",
                "it is not for servers (extended key usage)")),
        .keyUsageUnfit: finding(
            "tls", "certificateKeyUsageUnfit",
            certificate(
                "leaf", for: "localhost", by: "ca", of: "workshop", signedBy: "throw-away",
                "the key usage of the certificate does not allow TLS")),
        .signedWithSHA1: finding(
            "tls", "certificateSignatureWeak",
            certificate(
                "leaf", for: "localhost", by: "ca", of: "workshop", signedBy: "throw-away",
                "it is signed with ecdsa-with-SHA1, which is too weak")),
        .weakKey: finding(
            "tls", "certificateKeyWeak",
            certificate(
                "leaf", for: "localhost", by: "ca", of: "workshop", signedBy: "throw-away",
                "it has a key of RSA with 1024 bits, which is too weak")),
        .plainToATLSServer: finding(
            "hello", "serverRequiresTLS",
            "localhost:PORT speaks TLS only, and the connection string asks for none"),
        .silentListenerWithoutTLS: finding(
            "hello", "silentDuringHello",
            "localhost:PORT accepted the connection and did not answer for N ms"),
        .silentAfterTLSHandshake: finding(
            "hello", "silentDuringHello",
            "localhost:PORT accepted the connection and did not answer for N ms"),
        .closesAtOnceWithoutTLS: finding(
            "hello", "closedDuringHello",
            "localhost:PORT accepted the connection and closed it N ms after the first question"),
        .answersHTTPWithoutTLS: finding(
            "hello", "notMongoDB",
            "what answers at localhost:PORT is no MongoDB: its answer begins with \"HTTP\""),
        .answersZeros: finding(
            "hello", "notMongoDB",
            "what answers at localhost:PORT is no MongoDB: its answer begins with \"....\""),
        .announcesAHugeMessage: finding(
            "hello", "notMongoDB",
            "what answers at localhost:PORT is no MongoDB: its answer begins with \"...p\""),
        .noReplicaSet: finding(
            "hello", "notAReplicaSet",
            "localhost:PORT belongs to no replica set, and MONGO_DB_URL asks for rs9"),
        .otherReplicaSet: finding(
            "hello", "otherReplicaSet",
            "localhost:PORT is a member of the replica set rs0, and MONGO_DB_URL asks for rs9"),
        .noPrimary: finding(
            "hello", "noPrimary",
            "no primary in the replica set rs0: localhost:PORT answered, and is none"),
        .noLoadBalancer: finding(
            "hello", "notALoadBalancer",
            "localhost:PORT is no load balancer's: MONGO_DB_URL asks for loadBalanced=true"),
        .wrongPassword: finding(
            "authentication", "credentialsRefused",
            "localhost:PORT refused user, password or authSource (it does not say which): bookinfo of the database test"
        ),
        .wrongAuthSource: finding(
            "authentication", "credentialsRefused",
            "localhost:PORT refused user, password or authSource (it does not say which): bookinfo of the database admin"
        ),
        .noSuchUser: finding(
            "authentication", "credentialsRefused",
            "localhost:PORT refused user, password or authSource (it does not say which): nobody of the database test"),
        .certificateUserUnknown: finding(
            "authentication", "certificateUserUnknown",
            "localhost:PORT has no user in $external for the certificate in DIRECTORY/nobody-N.pem"),
        .mechanismNotOffered: finding(
            "authentication", "mechanismNotOffered",
            "localhost:PORT does not offer the mechanism PLAIN"),
        .cutDuringLogIn: finding(
            "authentication", "closedDuringAuthentication",
            "localhost:PORT closed the connection N ms after the log-in had begun, and did not say that the credentials are wrong"
        ),
        .silentDuringLogIn: finding(
            "authentication", "silentDuringAuthentication",
            "localhost:PORT did not answer to the log-in for N ms"),
        .noUser: finding(
            "read", "notAuthorized",
            "a connection without a user may not read test.ratings at localhost:PORT"),
        .noRole: finding(
            "read", "notAuthorized",
            "the user strangerN of the database test may not read test.ratings at localhost:PORT"),
        .cutDuringRead: finding(
            "read", "closedDuringRead",
            "localhost:PORT closed the connection N ms after the query"),
        .silentDuringRead: finding("read", "silentDuringRead", "localhost:PORT did not answer to the query for N ms"),
        .readError: finding(
            "read", "readFailed",
            "localhost:PORT answered the query with an error (OperationFailed): Failing command via 'failCommand' failpoint"
        ),
    ]

    private static func finding(_ layer: String, _ cause: String, _ explanation: String) -> CheckedDatabase.Finding {
        .init(layer: layer, cause: cause, explanation: explanation)
    }

    /// - Parameters:
    ///   - name: its common name; `issuer` that of who signed it.
    ///   - organization: of both, unless the signer's is another.
    private static func certificate(
        _ name: String, for names: String, by issuer: String, of organization: String, signedBy signer: String? = nil,
        _ problem: String
    ) -> String {
        "the certificate of localhost:PORT (O=ratings \(organization), CN=\(name), for \(names), issued by "
            + "O=ratings \(signer ?? organization), CN=\(issuer), valid from DATE to DATE UTC) is not accepted: \(problem)"
    }

    /// With what differs from run to run left out: milliseconds, ports, dates, temporary folders, random names.
    static func normalized(_ text: String) -> String {
        let patterns = [
            ("[0-9.]+ ms", "N ms"), ("(localhost|127\\.0\\.0\\.[0-9]+):[0-9]+", "$1:PORT"),
            ("[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}", "DATE"), ("/tmp/[^ ]*/", "DIRECTORY/"),
            ("(nobody-|stranger)[0-9]+", "$1N"),
            // Of localhost, Debian's installer writes both addresses into /etc/hosts; what the tests start listens at 127.0.0.1.
            ("\\n    ✗ \\[::1\\]:[0-9]+: connection refused  N ms\\n    ✓ 127[^\\n]*", ""),
            ("\\[::1\\]:[0-9]+(: connection refused;|,) ", ""),
            // The first is OpenSSL 3.5's, the second 3.0's.
            ("ssl/tls alert handshake", "sslv3 alert handshake"),
        ]
        return patterns.reduce(text) { text, pattern in
            text.replacingOccurrences(of: pattern.0, with: pattern.1, options: .regularExpression)
        }
    }

    /// OpenSSL's words differ from version to version.
    static func withoutOpenSSL(_ text: String) -> String {
        text.replacingOccurrences(of: "\\(OpenSSL: [a-z ]+\\)", with: "(OpenSSL: …)", options: .regularExpression)
    }
}
