import Foundation

/// Why there is no port to be had, in one sentence.
struct PortError: Error, CustomStringConvertible {
    /// Of bind(2), or of connect(2), which takes a port for its own end.
    let code: Int32

    var description: String {
        guard code == EADDRINUSE || code == EADDRNOTAVAIL else {
            return "no free port: \(String(cString: strerror(code)))"
        }
        let range = (try? String(contentsOfFile: "/proc/sys/net/ipv4/ip_local_port_range", encoding: .utf8)) ?? ""
        let ends = range.split { $0 == "\t" || $0 == "\n" }.joined(separator: " to ")
        return "no free port: all of \(ends) (net.ipv4.ip_local_port_range) are taken"
    }
}

/// A TCP port that is kept for one server of ours for as long as this object lives: nobody who asks the system for a free
/// port gets it, before the server listens, while it runs, and while it is away for a restart. Until it listens, connections
/// are refused.
///
/// The socket here is bound and does not listen, so that a server with SO_REUSEADDR (mongod, libuv, openssl) can bind the
/// same port and listen (socket(7)).
public final class HeldPort: Sendable {
    public let number: Int
    private let descriptor: Int32

    /// Takes a port that is free on all addresses, IPv6 included where there is some.
    ///
    /// - Throws: ``LocalMongoError`` where the system has none left.
    public convenience init() throws {
        do {
            try self.init(family: AF_INET6)
        } catch let error as PortError where error.code == EAFNOSUPPORT || error.code == EADDRNOTAVAIL {
            try self.init(family: AF_INET)
        }
    }

    private init(family: Int32) throws {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw PortError(code: errno) }
        var on: Int32 = 1
        var off: Int32 = 0
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, size)
        if family == AF_INET6 { setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &off, size) }
        var address = sockaddr_storage()
        address.ss_family = sa_family_t(family)
        var length = socklen_t(family == AF_INET6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else {
            let error = PortError(code: errno)
            close(descriptor)
            throw error
        }
        // The port stands at the same place in both families.
        number = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { Int(UInt16(bigEndian: $0.pointee.sin_port)) }
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
