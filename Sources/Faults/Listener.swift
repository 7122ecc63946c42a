import Foundation
import LocalMongo

/// A listening TCP socket on a loopback address.
final class Listener: Sendable {
    let port: Int
    private let descriptor: Int32
    private let id: UInt64

    /// - Parameters:
    ///   - host: the loopback address to listen on.
    ///   - port: 0 lets the system choose.
    ///   - onlyIPv6: whether IPv4 is left to others, where `host` is an IPv6 address.
    ///   - accepted: called on the poller's thread with each connection; started by then it is not.
    init(
        host: String = "127.0.0.1", port: Int = 0, onlyIPv6: Bool = false,
        accepted: @escaping @Sendable (Socket) -> Void = { _ in }
    ) throws {
        let address = SocketAddress(host, port)
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(address.family, type, 0)
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        if onlyIPv6 {
            setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &on, socklen_t(MemoryLayout<Int32>.size))
        }
        guard address.withPointer({ bind(descriptor, $0, $1) }) == 0, listen(descriptor, 128) == 0 else {
            let reason = String(cString: strerror(errno))
            Glibc.close(descriptor)
            throw LocalMongoError("cannot listen on \(host), port \(port): \(reason)")
        }
        self.descriptor = descriptor
        self.port = SocketAddress.port(of: descriptor)
        id = Poller.shared.add(descriptor, events: Int16(POLLIN)) { _ in
            while true {
                let client = accept(descriptor, nil, nil)
                guard client >= 0 else { return }
                _ = fcntl(client, F_SETFD, FD_CLOEXEC)
                accepted(Socket(owning: client))
            }
        }
    }

    deinit {
        Poller.shared.remove(id)
        // It would listen on for as long as poll(2) still waits for it.
        shutdown(descriptor, Int32(SHUT_RDWR))
        Glibc.close(descriptor)
    }
}
