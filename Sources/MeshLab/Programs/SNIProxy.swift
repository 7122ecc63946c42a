import Foundation
import LocalMongo
import Processes

/// nginx beside the gateway's Envoy, with the configuration that the ConfigMap holds.
struct SNIProxy: Sendable {
    let log: String
    private let process: ChildProcess

    /// - Parameters:
    ///   - configMap: the files that the Deployment mounts.
    ///   - directory: in place of the mount, and of /tmp.
    static func start(_ configMap: [String: String], in directory: String) async throws -> SNIProxy {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let user = NetworkNamespace.User.nginx.rawValue
        let log = "\(directory)/stdout.log"
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        for path in [directory, log] {
            try FileManager.default.setAttributes(
                [.ownerAccountID: user, .groupOwnerAccountID: user], ofItemAtPath: path)
        }
        for (name, text) in configMap {
            let here = text.replacingOccurrences(of: "/etc/sni-proxy/", with: "\(directory)/")
                .replacingOccurrences(of: "/tmp/", with: "\(directory)/")
            try here.write(toFile: "\(directory)/\(name)", atomically: true, encoding: .utf8)
        }
        // Debian builds the stream module as one to load; the Deployment's image has it built in.
        let module = "/usr/lib/nginx/modules/ngx_stream_module.so"
        let load = FileManager.default.fileExists(atPath: module) ? " load_module \(module);" : ""
        let process = try await NetworkNamespace.egress.start(
            as: .nginx, "nginx", ["-e", "stderr", "-c", "\(directory)/nginx.conf", "-g", "daemon off;\(load)"], log: log
        )
        let proxy = SNIProxy(log: log, process: process)
        try await wait("nginx to listen (its log: \(log))") {
            guard process.isRunning else {
                throw LabError("nginx ended: \((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")")
            }
            return try await NetworkNamespace.egress.run("ss", ["-Hltn"]).contains("127.0.0.1:")
        }
        return proxy
    }

    func stop() async {
        // SIGTERM: the master ends its worker, which would go on listening without it.
        await process.stop()
    }

    func lines() throws -> [String] {
        try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map(String.init)
    }
}
