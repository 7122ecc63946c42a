import Foundation
import LocalMongo

@testable import Faults

/// Thousands of connections that send something and read nothing: bare descriptors, since nobody waits for them.
final class RawConnections {
    private var descriptors: [Int32] = []

    init() {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    deinit { closeAll() }

    var count: Int { descriptors.count }

    /// Connects once more.
    ///
    /// - Parameters:
    ///   - text: what is sent, however long that takes, but not more than 10 s.
    ///   - receiveBuffer: SO_RCVBUF in bytes.
    func open(port: Int, sending text: [UInt8] = [], receiveBuffer: Int32? = nil) throws {
        let address = SocketAddress("127.0.0.1", port)
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw LocalMongoError("no socket: \(String(cString: strerror(errno)))") }
        descriptors.append(descriptor)
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        if var size = receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        guard address.withPointer({ connect(descriptor, $0, $1) }) == 0 else {
            throw LocalMongoError("cannot connect: \(String(cString: strerror(errno)))")
        }
        var rest = text[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { return }
            rest = rest.dropFirst(sent)
        }
    }

    /// Sends as much of `text` on each as the kernel takes at this moment.
    ///
    /// - Returns: how many bytes that was.
    func push(_ text: [UInt8]) -> Int {
        descriptors.reduce(0) { sum, descriptor in
            sum
                + max(
                    0,
                    text.withUnsafeBytes {
                        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
                    })
        }
    }

    /// How many have been closed by the other side.
    var closedCount: Int {
        descriptors.count { descriptor in
            var byte: UInt8 = 0
            let count = recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
            return count == 0 || count < 0 && errno != EAGAIN
        }
    }

    func closeAll() {
        for descriptor in descriptors { close(descriptor) }
        descriptors = []
    }
}
