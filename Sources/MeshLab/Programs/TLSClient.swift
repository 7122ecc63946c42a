import Foundation
import Processes

/// `openssl s_client` in the pod, as the service's user: a TLS connection that stays open until it is stopped.
struct TLSClient: Sendable {
    /// The common name of the certificate that came; nil where the connection ended without one.
    let server: String?
    private let process: ChildProcess

    /// Connects and waits for the certificate, or for the end of the connection.
    ///
    /// - Parameters:
    ///   - address: of the server, with the port.
    ///   - name: the SNI.
    static func connect(to address: String, name: String) async throws -> TLSClient {
        let log = "\(Isolation.directory)/s_client-\(UInt32.random(in: 0 ... .max)).log"
        defer { try? FileManager.default.removeItem(atPath: log) }
        let process = try await NetworkNamespace.pod.start(
            as: .service, "openssl", ["s_client", "-ign_eof", "-connect", address, "-servername", name], log: log)
        var server: String?
        try await wait("the TLS handshake of \(name) at \(address)", within: .seconds(5), every: .milliseconds(10)) {
            // First: what has been written at the end is there after it.
            let hasEnded = !process.isRunning
            let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            server = text.split(separator: "\n").first { $0.hasPrefix("subject=") }.flatMap(commonName)
            return server != nil || hasEnded
        }
        return TLSClient(server: server, process: process)
    }

    func stop() async {
        await process.stop()
    }

    /// `subject=O = ratings throw-away, CN = server`, with or without the blanks.
    private static func commonName(_ subject: Substring) -> String? {
        let attributes = subject.replacing(" = ", with: "=").split(separator: ",").map { $0.drop { $0 == " " } }
        return attributes.first { $0.hasPrefix("CN=") }.map { String($0.dropFirst(3)) }
    }
}
