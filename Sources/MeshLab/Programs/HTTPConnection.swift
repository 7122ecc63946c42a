import Foundation

/// An HTTP/1.1 client connection that blocks: for requests whose time is measured. Use it from a thread of its own.
final class HTTPConnection {
    enum Address: Sendable {
        case inet(String, Int)
        case unix(String)
    }

    struct Response: Sendable, Equatable {
        var status: Int
        var body: String
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private let descriptor: Int32
    private var received: [UInt8] = []

    /// Connects.
    ///
    /// - Parameter limit: seconds that connecting, and later each send and receive, may take.
    init(to address: Address, limit: Int = 10) throws(Failure) {
        let isUnix = if case .unix = address { true } else { false }
        descriptor = socket(isUnix ? AF_UNIX : AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(description: "no socket") }
        var time = timeval(tv_sec: limit, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, size)
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        guard Self.connect(descriptor, address) else {
            // deinit closes: all properties have their values.
            throw Failure(description: "cannot connect to \(address): \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    private static func connect(_ descriptor: Int32, _ address: Address) -> Bool {
        switch address {
        case .inet(let host, let port):
            var name = sockaddr_in()
            name.sin_family = sa_family_t(AF_INET)
            name.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
            inet_pton(AF_INET, host, &name.sin_addr)
            return withUnsafePointer(to: &name) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
        case .unix(let path):
            var name = sockaddr_un()
            name.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
            return withUnsafePointer(to: &name) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
                }
            }
        }
    }

    /// Sends a request and waits for the whole answer.
    func request(_ method: String = "GET", _ path: String) throws(Failure) -> Response {
        let head =
            "\(method) \(path) HTTP/1.1\r\nhost: ratings:9080\r\nuser-agent: reviews\r\ncontent-length: 0\r\n\r\n"
        guard send(descriptor, head, head.utf8.count, Int32(MSG_NOSIGNAL)) == head.utf8.count else {
            throw Failure(description: "cannot send: \(String(cString: strerror(errno)))")
        }
        let lines = try readLine(upTo: "\r\n\r\n").split(separator: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw Failure(description: "not HTTP: \(lines.first ?? "")")
        }
        var length = 0
        var isChunked = false
        for line in lines.dropFirst() {
            let field = line.lowercased()
            if field.hasPrefix("content-length:") {
                length = Int(field.dropFirst(15).trimmingCharacters(in: .whitespaces)) ?? 0
            }
            if field.hasPrefix("transfer-encoding:"), field.contains("chunked") { isChunked = true }
        }
        return Response(
            status: status, body: String(decoding: isChunked ? try readChunks() : try read(length), as: UTF8.self))
    }

    private func readChunks() throws(Failure) -> [UInt8] {
        var body: [UInt8] = []
        while true {
            guard let length = Int(try readLine(upTo: "\r\n"), radix: 16) else {
                throw Failure(description: "a bad chunk")
            }
            body += try read(length)
            _ = try read(2)
            if length == 0 { return body }
        }
    }

    private func readLine(upTo end: String) throws(Failure) -> String {
        let marker = Array(end.utf8)
        while true {
            if let range = received.firstRange(of: marker) {
                defer { received.removeSubrange(..<range.upperBound) }
                return String(decoding: received[..<range.lowerBound], as: UTF8.self)
            }
            try receive()
        }
    }

    private func read(_ count: Int) throws(Failure) -> [UInt8] {
        while received.count < count { try receive() }
        defer { received.removeSubrange(..<count) }
        return Array(received[..<count])
    }

    private func receive() throws(Failure) {
        var buffer = [UInt8](repeating: 0, count: 16384)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else {
            throw Failure(
                description: count == 0 ? "the connection was closed" : "no answer: \(String(cString: strerror(errno)))"
            )
        }
        received += buffer[..<count]
    }
}
