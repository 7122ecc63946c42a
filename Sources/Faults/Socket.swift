import Foundation
import LocalMongo
import Threads

/// A connected TCP socket. What arrives is handed out on the poller's thread; what is sent goes at once or follows.
final class Socket: Sendable {
    /// What happens on it.
    struct Events: Sendable {
        var received: @Sendable ([UInt8]) -> Void = { _ in }
        /// The peer sends no more, or the connection is broken. Comes once.
        var ended: @Sendable () -> Void = {}
    }

    private struct State: Sendable {
        var events = Events()
        var id: UInt64 = 0
        var unsent: ArraySlice<UInt8> = []
        var finishesSending = false
        var isReading = true
        var isClosed = false
        var isBroken = false
    }

    private let descriptor: Int32
    private let state = Locked(State())

    /// Connects to a loopback address. Blocks, but not for long: somebody must accept there.
    ///
    /// - Parameter receiveBuffer: SO_RCVBUF in bytes; the system's default where nothing is named.
    static func connect(host: String = "127.0.0.1", port: Int, receiveBuffer: Int32? = nil) throws -> Socket {
        try connect(host, port, receiveBuffer: receiveBuffer, flags: 0)
    }

    /// The same without waiting: what is sent follows once the connection is there, and where it does not come about it ends.
    static func beginConnecting(port: Int) throws -> Socket {
        try connect("127.0.0.1", port, flags: SOCK_NONBLOCK.rawValue)
    }

    private static func connect(
        _ host: String, _ port: Int, receiveBuffer: Int32? = nil, flags: UInt32
    ) throws -> Socket {
        let address = SocketAddress(host, port)
        let descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | flags), 0)
        if var size = receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        guard address.withPointer({ Glibc.connect(descriptor, $0, $1) }) == 0 || errno == EINPROGRESS else {
            let reason = String(cString: strerror(errno))
            Glibc.close(descriptor)
            throw LocalMongoError("cannot connect to \(host), port \(port): \(reason)")
        }
        return Socket(owning: descriptor)
    }

    init(owning descriptor: Int32) {
        self.descriptor = descriptor
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close() }

    /// Whether the connection ended by an error, such as the peer's RST.
    var isBroken: Bool { state.withLock { $0.isBroken } }

    /// Has `events` called from now on.
    func start(_ events: Events) {
        let id = Poller.shared.add(descriptor, events: 0) { [weak self] events in self?.handle(events) }
        state.withLock { state in
            guard !state.isClosed else { return Poller.shared.remove(id) }
            state.events = events
            state.id = id
            watch(state)
        }
    }

    func send(_ bytes: [UInt8]) {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.unsent += bytes
            flush(&state)
        }
    }

    /// Closes the sending side, after what was sent before.
    func finishSending() {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.finishesSending = true
            flush(&state)
        }
    }

    /// Leaves what arrives to the kernel.
    func stopReading() {
        state.withLock { state in
            state.isReading = false
            watch(state)
        }
    }

    func startReading() {
        state.withLock { state in
            state.isReading = true
            watch(state)
        }
    }

    /// - Parameter reset: whether the peer gets RST in place of FIN.
    func close(reset: Bool = false) {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.isClosed = true
            if reset {
                var linger = linger(l_onoff: 1, l_linger: 0)
                setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
            }
            if state.id != 0 { Poller.shared.remove(state.id) }
            Glibc.close(descriptor)
        }
    }

    private func handle(_ events: Int16) {
        if events & Int16(POLLOUT) != 0 { state.withLock { flush(&$0) } }
        guard events & ~Int16(POLLOUT) != 0 else { return }
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let (count, handlers) = state.withLock { state -> (Int, Events) in
            guard !state.isClosed, state.isReading else { return (-1, Events()) }
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count < 0 && (errno == EAGAIN || errno == EINTR) { return (-1, Events()) }
            if count <= 0 {
                // A connection that never came about is not a broken one.
                state.isBroken = count < 0 && errno != ECONNREFUSED
                state.isReading = false
                watch(state)
            }
            return (max(0, count), state.events)
        }
        if count > 0 { handlers.received(Array(buffer[..<count])) }
        if count == 0 { handlers.ended() }
    }

    private func flush(_ state: inout State) {
        while !state.isClosed, !state.unsent.isEmpty {
            let count = state.unsent.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            }
            if count < 0 {
                // A broken connection shows when it is read.
                if errno != EAGAIN && errno != EINTR { state.unsent = [] }
                break
            }
            state.unsent = state.unsent.dropFirst(count)
        }
        if state.finishesSending, state.unsent.isEmpty {
            state.finishesSending = false
            shutdown(descriptor, Int32(SHUT_WR))
        }
        watch(state)
    }

    private func watch(_ state: State) {
        guard state.id != 0, !state.isClosed else { return }
        Poller.shared.change(
            state.id, to: Int16(state.isReading ? POLLIN : 0) | Int16(state.unsent.isEmpty ? 0 : POLLOUT))
    }
}
