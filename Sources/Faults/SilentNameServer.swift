import Foundation
import LocalMongo

/// A name server that takes queries and never answers.
final class SilentNameServer: Sendable {
    private let descriptor: Int32

    /// - Parameter host: the loopback address to listen on, on port 53.
    init(host: String) throws {
        let address = SocketAddress(host, 53)
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard address.withPointer({ bind(descriptor, $0, $1) }) == 0 else {
            throw LocalMongoError("cannot listen on \(host), port 53: \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    /// How many queries have come since the last call. The kernel keeps them until somebody asks.
    var queries: Int {
        var count = 0
        var buffer = [UInt8](repeating: 0, count: 512)
        while recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT)) >= 0 { count += 1 }
        return count
    }
}
