import COpenSSL
import Glibc
import Threads

/// A connection that keeps what was seen of it: bytes over TCP, or over TLS on it.
///
/// One thread uses it at a time; it is not Sendable.
public final class Connection {
    private let socket: TCPSocket
    private var tls: OpaquePointer?
    /// The session goes on using its context.
    private var context: TLSContext?

    /// How it ended, as soon as that has been seen.
    public private(set) var ending: Ending?

    /// How many bytes of the application came in all.
    public private(set) var received = 0

    /// What came since the last byte was sent, as far as it is kept.
    public private(set) var lastReply: [UInt8] = []

    /// Whether the last read or write could do nothing without waiting.
    public private(set) var wouldBlock = false

    /// What the verification of the peer's certificate found. Only filled in by ``startTLS(_:name:until:)``.
    var verification = Verification()

    private static let keptReply = 16 << 10

    public init(_ socket: TCPSocket) {
        self.socket = socket
        if socket.isResetAlready { ending = .reset(ECONNRESET) }
    }

    deinit { SSL_free(tls) }

    /// Shakes hands as a client. Blocks.
    ///
    /// - Parameters:
    ///   - name: the host of the connection string: sent as SNI and compared with the certificate.
    ///   - deadline: when to wait no longer.
    /// - Returns: what was agreed on, or why not.
    public func startTLS(
        _ context: TLSContext, name: String, until deadline: MonotonicTime
    ) -> Result<TLSAgreement, TLSFault> {
        guard let tls = context.session(name: name) else { return .failure(.ended(.protocolError(0, "out of memory"))) }
        self.tls = tls
        self.context = context
        SSL_set_ex_data(tls, 0, Unmanaged.passUnretained(self).toOpaque())
        SSL_set_fd(tls, socket.descriptor)
        while true {
            ERR_clear_error()
            errno = 0
            let result = SSL_connect(tls)
            if result == 1 { return .success(TLSAgreement(tls, verification)) }
            if waits(for: result, tls, until: deadline) { continue }
            if !verification.faults.isEmpty {
                return .failure(.certificate(verification.faults, chain: verification.chain))
            }
            return .failure(.ended(ending ?? .silent))
        }
    }

    /// Reads what is there; waits for a byte where there is none.
    ///
    /// - Returns: how many bytes; 0 where the peer has closed, -1 where it failed or nothing came: see ``ending``.
    public func read(into buffer: UnsafeMutableRawBufferPointer, until deadline: MonotonicTime) -> Int {
        wouldBlock = false
        guard buffer.count > 0 else { return 0 }
        while true {
            let count = readOnce(buffer)
            if count > 0 {
                received += count
                lastReply += UnsafeRawBufferPointer(rebasing: buffer[..<min(count, Self.keptReply - lastReply.count)])
                return count
            }
            if let tls {
                if waits(for: Int32(count), tls, until: deadline) { continue }
            } else if count < 0, errno == EAGAIN || errno == EINTR {
                if socket.wait(for: POLLIN, until: deadline) { continue }
                silent(deadline)
            } else {
                end(count == 0 ? .closed : .reset(errno))
            }
            return ending == .closed ? 0 : -1
        }
    }

    /// - Returns: how many bytes went out; -1 where it failed: see ``ending``.
    public func write(_ bytes: UnsafeRawBufferPointer, until deadline: MonotonicTime) -> Int {
        wouldBlock = false
        lastReply = []
        var written = 0
        while written < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
            ERR_clear_error()
            errno = 0
            let count: Int
            if let tls {
                count = Int(SSL_write(tls, rest.baseAddress, Int32(rest.count)))
            } else {
                count = send(socket.descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                written += count
            } else if let tls {
                guard waits(for: Int32(count), tls, until: deadline) else { return -1 }
            } else if count < 0, errno == EAGAIN || errno == EINTR {
                guard socket.wait(for: POLLOUT, until: deadline) else {
                    silent(deadline)
                    return -1
                }
            } else {
                end(.reset(errno))
                return -1
            }
        }
        return written
    }

    /// Waits until there is something to read, an end included.
    public func waitForBytes(until deadline: MonotonicTime) -> Bool {
        if let tls, SSL_pending(tls) > 0 { return true }
        return socket.wait(for: POLLIN, until: deadline)
    }

    /// Whether the peer has closed or reset it, without taking a byte of what has come.
    public var isClosed: Bool {
        if ending != nil, ending != .silent { return true }
        if let tls, SSL_pending(tls) > 0 { return false }
        var byte: UInt8 = 0
        let count = recv(socket.descriptor, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT))
        if count == 0 { end(.closed) }
        if count < 0, errno != EAGAIN, errno != EINTR { end(.reset(errno)) }
        return ending != nil && ending != .silent
    }

    private func readOnce(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        ERR_clear_error()
        errno = 0
        if let tls { return Int(SSL_read(tls, buffer.baseAddress, Int32(min(buffer.count, Int(Int32.max))))) }
        return recv(socket.descriptor, buffer.baseAddress, buffer.count, 0)
    }

    /// After a call of OpenSSL's that did not succeed: whether what it waits for has come, and it is to be called again.
    private func waits(for result: Int32, _ tls: OpaquePointer, until deadline: MonotonicTime) -> Bool {
        let number = errno
        switch SSL_get_error(tls, result) {
        case SSL_ERROR_WANT_READ:
            if socket.wait(for: POLLIN, until: deadline) { return true }
            silent(deadline)
        case SSL_ERROR_WANT_WRITE:
            if socket.wait(for: POLLOUT, until: deadline) { return true }
            silent(deadline)
        case SSL_ERROR_ZERO_RETURN:
            end(.closed)
        case SSL_ERROR_SYSCALL:
            end(number == 0 ? .closed : .reset(number))
        default:
            let error = ERR_peek_error()
            let reason = copenssl_reason(error)
            if reason == SSL_R_UNEXPECTED_EOF_WHILE_READING {
                end(.closed)
            } else {
                let text = ERR_reason_error_string(error).map { String(cString: $0) } ?? "no reason"
                // OpenSSL numbers an alert's reason by the alert (SSL_AD_REASON_OFFSET).
                end(reason >= 1000 ? .alert(reason, text) : .protocolError(reason, text))
            }
        }
        return false
    }

    private func end(_ ending: Ending) {
        if self.ending == nil || self.ending == .silent { self.ending = ending }
    }

    /// A deadline in the past asks whether something is there, and waits for nothing.
    private func silent(_ deadline: MonotonicTime) {
        wouldBlock = true
        if self.ending == nil, deadline.nanoseconds > 0 { self.ending = .silent }
    }
}
