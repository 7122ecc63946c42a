import MongoClient
import Network
import Threads

extension Fault {
    static func closedDuringAuthentication(_ host: Host, _ ending: Ending, _ time: Duration) -> Fault {
        Fault(
            .closedDuringAuthentication,
            "\(host) \(ending.verb) the connection \(time.inMilliseconds) ms after the log-in had begun, and did not say that "
                + "the credentials are wrong",
            advice: "look at mongod's log, and at proxies between")
    }

    static func silentDuringAuthentication(_ host: Host, _ time: Duration) -> Fault {
        Fault(
            .silentDuringAuthentication, "\(host) did not answer to the log-in for \(time.inMilliseconds) ms",
            advice: "check whether mongod is overloaded or frozen, and whether its log-ins wait for LDAP or Kerberos")
    }

    /// - Parameters:
    ///   - reply: the server's, as it came.
    ///   - user: of the connection string.
    static func authentication(
        _ host: Host, _ reply: ServerReply?, _ error: MongoError, user: String?, source: String, mechanism: String?,
        certificateFile: String?
    ) -> Fault {
        let name = user ?? "the certificate's subject"
        // MechanismUnavailable; BadValue is what older servers say of a mechanism.
        if reply?.code == 334 || (reply?.code == 2 && mechanism != nil) {
            return Fault(
                .mechanismNotOffered, "\(host) does not offer the mechanism \(mechanism ?? "of MONGO_DB_URL")",
                advice: "take authMechanism out of MONGO_DB_URL, or allow it (authenticationMechanisms of mongod)")
        }
        if mechanism == "MONGODB-X509" {
            return Fault(
                .certificateUserUnknown,
                "\(host) has no user in $external for the certificate in \(certificateFile ?? "tlsCertificateKeyFile")",
                advice: "create the user in $external, named as the certificate's subject (RFC 2253)",
                command: "openssl x509 -in \(certificateFile ?? "FILE") -noout -subject -nameopt RFC2253")
        }
        if reply?.code == nil || reply?.code == 18 || reply?.code == 11 {
            return Fault(
                .credentialsRefused,
                "\(host) refused user, password or authSource (it does not say which): \(name) of the database \(source)",
                advice: "check all three in MONGO_DB_URL, and %XX for special characters of the password",
                command: "mongosh \"$MONGO_DB_URL\" --eval 'db.runCommand({connectionStatus: 1})'")
        }
        return Fault(
            .authenticationFailed, "\(host) refused the log-in of \(name): \(reply?.message ?? error.message)",
            advice: "look at mongod's log")
    }
}
