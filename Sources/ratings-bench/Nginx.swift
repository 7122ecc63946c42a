import Foundation
import LocalMongo
import Processes

/// nginx with two workers that answers with the same bytes as the service and asks nobody: what HTTP itself costs here.
enum Nginx {
    /// Where Debian keeps it, and ordinary users don't look.
    private static let program =
        ["/usr/sbin/nginx", "/usr/local/sbin/nginx"].first { FileManager.default.isExecutableFile(atPath: $0) }
        ?? "nginx"

    /// - Parameters:
    ///   - body: of every answer.
    ///   - directory: for its files.
    static func start(answering body: String, in directory: PrivateDirectory) async throws -> Service {
        let port = try FreePort.find()
        let folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { name in
            "    \(name)_temp_path \(directory.path)/\(name);"
        }
        let text = """
            worker_processes 2;
            daemon off;
            pid \(directory.path)/nginx.pid;
            error_log \(directory.path)/error.log;
            events { worker_connections 1024; }
            http {
                access_log off;
                keepalive_requests 100000000;
                default_type application/json;
            \(folders.joined(separator: "\n"))
                server {
                    listen 127.0.0.1:\(port);
                    location / { return 200 '\(body)'; }
                }
            }

            """
        let file = directory.appending("nginx.conf")
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let process = try await ChildProcess.start(
            program, ["-c", file, "-p", directory.path, "-e", "\(directory.path)/error.log"], output: .discarded)
        return Service(process: process, port: port)
    }
}
