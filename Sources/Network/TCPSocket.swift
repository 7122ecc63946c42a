import Glibc
import Threads

/// Owns a connected or connecting stream socket that never blocks.
public final class TCPSocket {
    let descriptor: Int32

    /// Whether the peer accepted and reset it in one go: the system tells of that where it tells of failed attempts.
    private(set) var isResetAlready = false

    private init(owning descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// How an attempt to connect ended.
    public enum Outcome {
        case connected(TCPSocket)
        /// An error of connect(2), such as `ECONNREFUSED`.
        case failed(Int32)
        /// No answer in time.
        case silent
    }

    /// What came of one address.
    public struct Attempt {
        public let address: SocketAddress
        public let outcome: Outcome
        public let time: Duration
    }

    /// Connects to all addresses at once. Blocks.
    ///
    /// - Parameters:
    ///   - timeout: how long each may take.
    ///   - grace: how long the others are waited for once one is connected.
    /// - Returns: in the order of `addresses`.
    public static func connect(to addresses: [SocketAddress], timeout: Duration, grace: Duration) -> [Attempt] {
        let start = MonotonicTime.now
        var deadline = start + timeout
        var attempts = [Attempt?](repeating: nil, count: addresses.count)
        var pending: [(index: Int, socket: TCPSocket)] = []
        func end(_ index: Int, _ outcome: Outcome) {
            attempts[index] = Attempt(address: addresses[index], outcome: outcome, time: .now - start)
            if case .connected = outcome { deadline = min(deadline, .now + grace) }
        }
        for (index, address) in addresses.enumerated() {
            switch begin(address) {
            case .success((let socket, true)): end(index, .connected(socket))
            case .success((let socket, false)): pending.append((index, socket))
            case .failure(let error): end(index, .failed(error.number))
            }
        }
        while !pending.isEmpty, MonotonicTime.now < deadline {
            var polls = pending.map { pollfd(fd: $0.socket.descriptor, events: Int16(POLLOUT), revents: 0) }
            let left = (deadline - .now).nanoseconds
            guard poll(&polls, nfds_t(polls.count), Int32(max(0, (left + 999_999) / 1_000_000))) > 0 else { continue }
            for (position, entry) in polls.enumerated().reversed() where entry.revents != 0 {
                let (index, socket) = pending.remove(at: position)
                let error = socket.error
                socket.isResetAlready = error == ECONNRESET
                end(index, error == 0 || socket.isResetAlready ? .connected(socket) : .failed(error))
            }
        }
        for (index, _) in pending { end(index, .silent) }
        return attempts.compactMap(\.self)
    }

    private struct SystemError: Error {
        let number: Int32
    }

    /// Whether it is connected already goes with the socket.
    private static func begin(_ address: SocketAddress) -> Result<(TCPSocket, Bool), SystemError> {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = Glibc.socket(address.family, type, 0)
        guard descriptor >= 0 else { return .failure(SystemError(number: errno)) }
        let socket = TCPSocket(owning: descriptor)
        // Without it each step of a handshake waits for a delayed acknowledgement.
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        if address.withPointer({ Glibc.connect(descriptor, $0, $1) }) == 0 { return .success((socket, true)) }
        return errno == EINPROGRESS ? .success((socket, false)) : .failure(SystemError(number: errno))
    }

    /// The pending error of the socket (`SO_ERROR`, socket(7)); 0 where there is none.
    var error: Int32 {
        var error: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length)
        return error
    }

    /// Waits until one of `events` (poll(2)), or an end of the connection, has come.
    ///
    /// - Returns: whether anything has come by the deadline.
    func wait(for events: Int32, until deadline: MonotonicTime) -> Bool {
        while true {
            var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
            let left = max(0, (deadline - .now).nanoseconds)
            let count = poll(&entry, 1, Int32(min(left / 1_000_000 + (left % 1_000_000 > 0 ? 1 : 0), 3_600_000)))
            if count > 0 { return true }
            if count < 0, errno == EINTR { continue }
            if MonotonicTime.now >= deadline { return false }
        }
    }
}
