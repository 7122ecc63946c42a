import Foundation
import LocalMongo
import Processes

/// dnsmasq on a loopback address, which knows the domain `ratings.test` and nothing else. Port 53 needs root.
final class LocalNameServer: Sendable {
    private let process: ChildProcess
    private let directory: PrivateDirectory

    /// - Parameters:
    ///   - host: the loopback address to listen on.
    ///   - records: dnsmasq's options, such as `--srv-host=…`.
    static func start(host: String, records: [String]) async throws -> LocalNameServer {
        let directory = try PrivateDirectory(name: "dnsmasq")
        let log = directory.appending("log")
        let process = try await ChildProcess.start(
            "dnsmasq",
            [
                "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--user=root", "--group=root",
                "--no-resolv", "--no-hosts", "--bind-interfaces", "--listen-address=\(host)", "--log-facility=-",
                "--local=/test/",
            ] + records, output: .file(log))
        let server = LocalNameServer(process: process, directory: directory)
        guard
            await eventually(
                within: .seconds(10), { !process.isRunning || (try? Socket.connect(host: host, port: 53)) != nil }),
            process.isRunning
        else {
            throw LocalMongoError(
                "dnsmasq does not start: \((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")")
        }
        return server
    }

    private init(process: ChildProcess, directory: PrivateDirectory) {
        self.process = process
        self.directory = directory
    }

    deinit { process.send(.kill) }
}
