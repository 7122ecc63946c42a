import MongoClient
import Network
import Threads

extension Fault {
    private static func look(_ host: Host) -> String {
        "openssl s_client -connect \(host) -servername \(host.name) </dev/null"
    }

    static func closedDuringHandshake(_ host: Host, _ ending: Ending, _ time: Duration) -> Fault {
        Fault(
            .closedDuringHandshake,
            "\(host) accepted the connection and \(ending.verb) it \(time.inMilliseconds) ms after the begin of the TLS "
                + "handshake, without a word",
            advice:
                "check that this is mongod's port, that mongod runs with TLS and has room for connections "
                + "(maxIncomingConnections), and proxies and firewalls between: something may not let the name \(host.name) "
                + "through",
            command: look(host))
    }

    static func silentDuringHandshake(_ host: Host, _ time: Duration) -> Fault {
        Fault(
            .silentDuringHandshake,
            "\(host) accepted the connection and did not answer in the TLS handshake for \(time.inMilliseconds) ms",
            advice: "check whether mongod is overloaded or frozen, and that this is its port", command: look(host))
    }

    /// - Parameter text: OpenSSL's, where bytes came that are no TLS; `nil` where the server answered to a plain hello.
    static func serverSpeaksNoTLS(_ host: Host, _ text: String?) -> Fault {
        if let text {
            return Fault(
                .serverSpeaksNoTLS, "what answers at \(host) speaks no TLS that this client knows (\(text))",
                advice: "check host and port in MONGO_DB_URL", command: look(host))
        }
        return Fault(
            .serverSpeaksNoTLS, "\(host) is a MongoDB without TLS, and the connection string asks for it",
            advice: "take ssl=true out of MONGO_DB_URL, or start mongod with --tlsMode requireTLS", command: look(host))
    }

    static func alert(_ host: Host, _ reason: Int32, _ text: String, hasCertificate: Bool) -> Fault {
        switch ClientCertificateComplaint(reason: reason, hasCertificate: hasCertificate) {
        case .missing?:
            Fault(
                .clientCertificateRequired, "\(host) requires a certificate of the client, and got none (\(text))",
                advice: "name certificate and key with tlsCertificateKeyFile in MONGO_DB_URL", command: look(host))
        case .refused?:
            Fault(
                .clientCertificateRefused, "\(host) does not accept the client's certificate (\(text))",
                advice: "check its dates and issuer: the server's tlsCAFile must hold its CA", command: look(host))
        case nil:
            Fault(
                .handshakeRefused, "\(host) refused the TLS handshake (\(text))",
                advice: "compare TLS versions and ciphers of both sides", command: look(host))
        }
    }

    /// - Parameters:
    ///   - faults: all, in the order of the check; one at least.
    ///   - chain: what the server sent.
    ///   - caFile: `tlsCAFile`; `nil` for the system's store.
    static func certificate(
        _ host: Host, _ faults: [CertificateFault], _ chain: [Certificate], caFile: String?
    ) -> Fault {
        let problems = faults.filter { $0.problem != .consequence }
        let sentences = (problems.isEmpty ? faults : problems).map { sentence($0, host, caFile) }
        var explanations = sentences.map(\.explanation)
        explanations = explanations.indices.filter { explanations.firstIndex(of: explanations[$0]) == $0 }.map {
            explanations[$0]
        }
        let names = chain.first.map { " (\($0.identity))" } ?? ""
        return Fault(
            sentences[0].cause,
            "the certificate of \(host)\(names) is not accepted: " + explanations.joined(separator: "; and "),
            advice: sentences[0].advice, command: look(host))
    }

    private static func sentence(
        _ fault: CertificateFault, _ host: Host, _ caFile: String?
    ) -> (cause: Cause, explanation: String, advice: String) {
        let certificate = fault.certificate
        let subject = certificate?.subject ?? "a certificate"
        let which = fault.depth == 0 ? "it" : "its issuer \(subject)"
        let store = caFile.map { "tlsCAFile \($0)" } ?? "the system's store of CAs"
        let issuer = certificate?.issuer ?? "an unknown CA"
        let nameCA =
            caFile == nil
            ? "name the CA with tlsCAFile in MONGO_DB_URL" : "put \(issuer) into \(caFile ?? ""), or send it along"
        switch fault.problem {
        case .expired:
            return (
                .certificateExpired, "\(which) expired on \(certificate?.notAfter ?? "?") UTC",
                "renew the certificate, or check this machine's clock"
            )
        case .notYetValid:
            return (
                .certificateNotYetValid, "\(which) is valid from \(certificate?.notBefore ?? "?") UTC on",
                "check this machine's clock, or wait"
            )
        case .anotherName:
            let names = certificate?.names ?? []
            return (
                .certificateForAnotherName,
                "it is for \(names.isEmpty ? subject : names.joined(separator: ", ")), and not for \(host.name)",
                "use a name that it is for in MONGO_DB_URL, or add \(host.name) to the certificate"
            )
        case .issuerUnknown:
            return (
                .certificateIssuerUnknown,
                "\(fault.depth == 0 ? "" : "its issuer \(subject) is ")issued by \(issuer), which was neither sent nor is in \(store)",
                nameCA
            )
        case .selfSigned:
            return (.certificateSelfSigned, "it is signed by itself, and not in \(store)", nameCA)
        case .rootNotTrusted:
            return (
                .certificateIssuerUnknown, "issued by \(subject), which was sent, but is not in \(store)", nameCA
            )
        case .authorityIncomplete:
            return (
                .certificateAuthorityIncomplete,
                "\(subject) is in \(store), but is no root, and its own issuer \(issuer) is not there",
                "put the root \(issuer) into \(caFile ?? "the system's store")"
            )
        case .issuerNoAuthority:
            return (
                .certificateIssuerNoAuthority,
                "\(which) is no CA's (basic constraints, key usage), and has issued another one",
                "have the certificate issued by a CA"
            )
        case .notForServers:
            return (
                .certificateNotForServers, "\(which) is not for servers (extended key usage)",
                "issue it with the extended key usage serverAuth"
            )
        case .keyUsageUnfit:
            return (
                .certificateKeyUsageUnfit,
                "the key usage of \(fault.depth == 0 ? "the certificate" : subject) does not allow TLS",
                "issue it with the key usage digitalSignature"
            )
        case .signatureWeak:
            return (
                .certificateSignatureWeak,
                "\(which) is signed with \(certificate?.signature ?? "?"), which is too weak",
                "issue it with SHA-256 or better"
            )
        case .keyWeak:
            return (
                .certificateKeyWeak,
                "\(which) has a key of \(certificate?.keyType ?? "?") with \(certificate?.keyBits ?? 0) bits, which is too weak",
                "issue it with RSA 2048 or EC 256 bits or more"
            )
        case .other, .consequence:
            return (.certificateRefused, "\(which): \(fault.text)", "look at the certificate")
        }
    }
}

extension Certificate {
    /// For a person: names, issuer, dates.
    var identity: String {
        "\(subject), for \(names.isEmpty ? "no name" : names.joined(separator: ", ")), issued by \(issuer), valid from "
            + "\(notBefore) to \(notAfter) UTC"
    }
}
