import CMongoC
import Glibc
import Threads

/// The driver's stream to a server with a bound on the first wait for an answer: see ``FirstWait``. What takes longer is
/// reported as a time-out, for which the driver gives up this connection and no other, and reads again on a new one.
///
/// A client's streams are used on the thread that has the client (``LentClient``).
private final class WatchedStream {
    /// The driver's own stream, owned.
    let base: UnsafeMutablePointer<mongoc_stream_t>
    private let client: LentClient
    /// `host:port` of the server.
    private let host: String
    private var lastReceived = MonotonicTime.now
    private var hasServed = false
    private var owesPong = false
    /// When the answer must have begun.
    private var deadline: MonotonicTime?
    private(set) var hasTimedOut = false

    init(_ base: UnsafeMutablePointer<mongoc_stream_t>, host: String, of client: LentClient) {
        self.base = base
        self.host = host
        self.client = client
    }

    func write(_ parts: UnsafeMutablePointer<mongoc_iovec_t>?, _ count: Int, _ milliseconds: Int32) -> Int {
        guard client.isAboutToRead, let parts else {
            return mongoc_stream_writev(base, parts, count, milliseconds)
        }
        client.isAboutToRead = false
        defer { hasServed = true }
        // A new connection cannot have been forgotten.
        guard hasServed else { return mongoc_stream_writev(base, parts, count, milliseconds) }
        let now = MonotonicTime.now
        let wait = FirstWait(
            idle: now - lastReceived, lastRead: client.lastRead, roundTrip: client.roundTrip(to: host, at: now),
            limit: client.limit)
        deadline = now + wait.bound
        guard wait.pings else { return mongoc_stream_writev(base, parts, count, milliseconds) }
        owesPong = true
        return writeWithPing(parts, count, milliseconds)
    }

    private func writeWithPing(
        _ parts: UnsafeMutablePointer<mongoc_iovec_t>, _ count: Int, _ milliseconds: Int32
    ) -> Int {
        var ping = WireMessage.ping
        return ping.withUnsafeMutableBytes { ping in
            var all = [mongoc_iovec_t(iov_base: ping.baseAddress, iov_len: ping.count)]
            all += UnsafeBufferPointer(start: parts, count: count)
            let written = mongoc_stream_writev(base, &all, all.count, milliseconds)
            return written < 0 ? written : max(0, written - ping.count)
        }
    }

    func read(
        _ parts: UnsafeMutablePointer<mongoc_iovec_t>?, _ count: Int, _ least: Int, _ milliseconds: Int32
    ) -> Int {
        if owesPong {
            owesPong = false
            guard takePong() else { return -1 }
            deadline = nil
        }
        let received = boundedRead(parts, count, least, milliseconds)
        deadline = nil
        if received > 0 { lastReceived = .now }
        return received
    }

    /// - Returns: what the driver's stream returns; -1 also where the first wait is over.
    private func boundedRead(
        _ parts: UnsafeMutablePointer<mongoc_iovec_t>?, _ count: Int, _ least: Int, _ milliseconds: Int32
    ) -> Int {
        guard let deadline, deadline - .now < .milliseconds(Int64(milliseconds)) else {
            return mongoc_stream_readv(base, parts, count, least, milliseconds)
        }
        let rest = max(1, (deadline - .now).milliseconds)
        // The driver warns of a read that times out.
        let received = Driver.silently { mongoc_stream_readv(base, parts, count, least, Int32(rest)) }
        // 1.30 returns up to two milliseconds early and says why; 1.23 does not say it of a stream with TLS, and is early by what
        // `rest` left out.
        if received < 0, mongoc_stream_timed_out(base) || deadline <= .now + .milliseconds(1) {
            hasTimedOut = true
            client.hasGivenUp = true
            errno = ETIMEDOUT
        }
        return received
    }

    /// Reads the answer to the ping, whatever it says, until ``deadline``.
    private func takePong() -> Bool {
        guard let header = take(WireMessage.headerLength) else { return false }
        func word(_ offset: Int) -> UInt32 {
            header[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }
        let length = word(0)
        // A pong is some hundred bytes, with the cluster's time; anything else than an answer to the ping is a broken peer.
        guard length > WireMessage.headerLength, length <= 1 << 20, word(8) == WireMessage.pingNumber else {
            errno = EPROTO
            return false
        }
        return take(Int(length) - WireMessage.headerLength) != nil
    }

    private func take(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        let received = bytes.withUnsafeMutableBytes { buffer in
            var part = mongoc_iovec_t(iov_base: buffer.baseAddress, iov_len: buffer.count)
            return boundedRead(&part, 1, count, Int32(clamping: client.limit.milliseconds))
        }
        return received == count ? bytes : nil
    }
}

/// Has all streams of a client watched. To be called before it is used first.
func watchStreams(of client: LentClient) {
    Driver.silently {
        mongoc_client_set_stream_initiator(client.pointer, connect, Unmanaged.passUnretained(client).toOpaque())
    }
}

// File-scope functions, for the reason given at forwardToLog. `cmongoc_stream_t` begins with the driver's own struct and holds
// one reference to a WatchedStream, which destroy gives back.

private func connect(
    _ uri: OpaquePointer?, _ host: UnsafePointer<mongoc_host_list_t>?, _ context: UnsafeMutableRawPointer?,
    _ error: UnsafeMutablePointer<bson_error_t>?
) -> UnsafeMutablePointer<mongoc_stream_t>? {
    guard let context, let host else { return nil }
    let client = Unmanaged<LentClient>.fromOpaque(context).takeUnretainedValue()
    let driversOwn = mongoc_client_default_stream_initiator(uri, host, UnsafeMutableRawPointer(client.pointer), error)
    guard let base = driversOwn else { return nil }
    let watched = WatchedStream(base, host: String(cString: cmongoc_host_and_port(host)), of: client)
    guard let stream = cmongoc_stream_new(Unmanaged.passRetained(watched).toOpaque()) else { return base }
    stream.pointee.destroy = { end($0, mongoc_stream_destroy) }
    stream.pointee.failed = { end($0, mongoc_stream_failed) }
    stream.pointee.close = { mongoc_stream_close(watchedStream($0).base) }
    stream.pointee.flush = { mongoc_stream_flush(watchedStream($0).base) }
    stream.pointee.writev = { watchedStream($0).write($1, $2, $3) }
    stream.pointee.readv = { watchedStream($0).read($1, $2, $3, $4) }
    stream.pointee.setsockopt = { mongoc_stream_setsockopt(watchedStream($0).base, $1, $2, $3, $4) }
    stream.pointee.get_base_stream = { watchedStream($0).base }
    stream.pointee.check_closed = { mongoc_stream_check_closed(watchedStream($0).base) }
    stream.pointee.timed_out = { watchedStream($0).hasTimedOut || mongoc_stream_timed_out(watchedStream($0).base) }
    stream.pointee.should_retry = { mongoc_stream_should_retry(watchedStream($0).base) }
    return stream
}

private func watchedStream(_ stream: UnsafeMutablePointer<mongoc_stream_t>?) -> WatchedStream {
    guard let stream, let context = cmongoc_stream_context(stream) else { fatalError("a stream without its watch") }
    return Unmanaged<WatchedStream>.fromOpaque(context).takeUnretainedValue()
}

private func end(
    _ stream: UnsafeMutablePointer<mongoc_stream_t>?,
    _ endBase: (UnsafeMutablePointer<mongoc_stream_t>?) -> Void
) {
    guard let stream else { return }
    endBase(watchedStream(stream).base)
    if let context = cmongoc_stream_context(stream) { Unmanaged<WatchedStream>.fromOpaque(context).release() }
    bson_free(stream)
}
