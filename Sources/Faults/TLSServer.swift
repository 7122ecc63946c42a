import LocalMongo
import Processes

/// `openssl s_server`, at the lowest level of security: what is too weak for a client must get as far as the client.
final class TLSServer: Sendable {
    let port: Int
    private let held: HeldPort
    private let process: ChildProcess

    static func start(_ certificateKeyFile: String, chain: String?, options: [String]) async throws -> TLSServer {
        let held = try HeldPort()
        let port = held.number
        var arguments = ["s_server", "-accept", "127.0.0.1:\(port)", "-cert", certificateKeyFile, "-quiet"]
        arguments += ["-cipher", "DEFAULT@SECLEVEL=0"] + options
        if let chain { arguments += ["-cert_chain", chain] }
        let process = try await ChildProcess.start("openssl", arguments, output: .discarded)
        let server = TLSServer(on: held, process: process)
        guard await eventually(within: .seconds(10), { FreePort.isAnswering(port) || !process.isRunning }),
            process.isRunning
        else { throw LocalMongoError("openssl s_server does not listen") }
        return server
    }

    private init(on held: HeldPort, process: ChildProcess) {
        self.held = held
        port = held.number
        self.process = process
    }

    deinit { process.send(.kill) }
}
