import CUV
import Glibc

/// A TCP port on all addresses of this machine.
public final class TCPListener {
    /// Connections that the kernel holds until they are accepted; net.core.somaxconn may say less.
    private static let backlog: Int32 = 1024

    private let loop: EventLoop
    private let handle: Handle<uv_tcp_t>
    private let accepted: (TCPStream) -> Void

    /// Listens on `::`, which includes IPv4; or on `0.0.0.0` where this machine has no IPv6.
    ///
    /// - Parameters:
    ///   - port: 0 lets the system choose.
    ///   - accepted: called with each new connection.
    /// - Throws: ``UVError``, such as one for a port that is taken.
    public init(on loop: EventLoop, port: UInt16, accepted: @escaping (TCPStream) -> Void) throws(UVError) {
        self.loop = loop
        self.accepted = accepted
        do {
            handle = try Self.listen(on: loop, "::", port)
        } catch  where error == .addressFamilyNotSupported || error == .addressNotAvailable {
            handle = try Self.listen(on: loop, "0.0.0.0", port)
        }
        handle.call(self)
    }

    deinit { handle.close() }

    /// No connection is accepted any more.
    public func close() {
        handle.close()
    }

    /// The port that it listens on.
    public var port: UInt16 {
        var address = sockaddr_storage()
        var length = Int32(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = uv_tcp_getsockname(handle.pointer, $0, &length) }
            // The port stands at the same place in both families.
            return $0.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { UInt16(bigEndian: $0.pointee.sin_port) }
        }
    }

    private static func listen(on loop: EventLoop, _ host: String, _ port: UInt16) throws(UVError) -> Handle<uv_tcp_t> {
        let handle = try Handle<uv_tcp_t> { uv_tcp_init(loop.pointer, $0) }
        var address = sockaddr_storage()
        let result = withUnsafeMutablePointer(to: &address) { address -> Int32 in
            let parsed = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                host.contains(":") ? uv_ip6_addr(host, Int32(port), $0) : -1
            }
            if parsed < 0 {
                _ = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    uv_ip4_addr(host, Int32(port), $0)
                }
            }
            return address.withMemoryRebound(to: sockaddr.self, capacity: 1) { uv_tcp_bind(handle.pointer, $0, 0) }
        }
        try UVError.check(result)
        setOptions(of: handle)
        // libuv keeps an address in use to itself until now.
        try UVError.check(uv_listen(handle.cast(to: uv_stream_t.self), backlog, connectionCame))
        return handle
    }

    /// How long a connection is silent before the kernel asks whether the peer is still there.
    private static let keepAliveSeconds: UInt32 = 60

    /// SO_SNDBUF and SO_RCVBUF; the kernel takes twice as much.
    private static let sendBufferBytes: Int32 = 16 << 10
    private static let receiveBufferBytes: Int32 = 32 << 10

    /// Every accepted connection inherits these (tcp(7), socket(7)).
    private static func setOptions(of handle: Handle<uv_tcp_t>) {
        // Answers are whole when they are written: nothing is gained by waiting for more (Nagle's algorithm).
        uv_tcp_nodelay(handle.pointer, 1)
        // A peer that vanished without a FIN is noticed only so.
        uv_tcp_keepalive(handle.pointer, 1, keepAliveSeconds)
        // What a client leaves unread, or sends unasked, is kept by the kernel, and the pod's limit counts it: by themselves
        // the buffers grow to megabytes.
        var size = sendBufferBytes
        uv_send_buffer_size(handle.cast(to: uv_handle_t.self), &size)
        size = receiveBufferBytes
        uv_recv_buffer_size(handle.cast(to: uv_handle_t.self), &size)
    }

    fileprivate func accept() {
        guard let stream = try? TCPStream(acceptedFrom: handle.cast(to: uv_stream_t.self), on: loop) else { return }
        accepted(stream)
    }
}

private func connectionCame(_ handle: UnsafeMutablePointer<uv_stream_t>?, _ status: Int32) {
    guard status == 0 else { return }
    owner(handle?.pointee.data, as: TCPListener.self)?.accept()
}
