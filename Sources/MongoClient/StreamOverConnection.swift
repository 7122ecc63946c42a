import CMongoC
import Glibc
import Network
import Threads

/// Holds a connection until the driver asks for it. The driver asks once for each client: a second time would be a
/// connection of which nothing has been seen.
final class HandOver {
    private var connection: Connection?

    init(_ connection: Connection) {
        self.connection = connection
    }

    func take() -> Connection? {
        connection.take()
    }
}

// File-scope functions, for the reason given at forwardToLog. The driver calls them on the thread that uses the client.
// `cmongoc_stream_t` begins with the driver's own struct and holds one reference to a Connection, which destroy gives back.

func giveConnection(
    _ uri: OpaquePointer?, _ host: UnsafePointer<mongoc_host_list_t>?, _ context: UnsafeMutableRawPointer?,
    _ error: UnsafeMutablePointer<bson_error_t>?
) -> UnsafeMutablePointer<mongoc_stream_t>? {
    guard let context,
        let connection = Unmanaged<HandOver>.fromOpaque(context).takeUnretainedValue().take(),
        let stream = cmongoc_stream_new(Unmanaged.passRetained(connection).toOpaque())
    else {
        cmongoc_set_error(
            error, MONGOC_ERROR_STREAM.rawValue, MONGOC_ERROR_STREAM_CONNECT.rawValue, "the connection is used up")
        return nil
    }
    stream.pointee.destroy = destroyStream
    // Not get_base_stream: the driver takes what it returns for a stream, and nothing for the end of it.
    stream.pointee.close = { _ in 0 }
    stream.pointee.flush = { _ in 0 }
    stream.pointee.failed = destroyStream
    stream.pointee.setsockopt = { _, _, _, _, _ in 0 }
    stream.pointee.writev = writeToStream
    stream.pointee.readv = readFromStream
    stream.pointee.check_closed = { stream in connectionBehind(stream).isClosed }
    stream.pointee.poll = pollStreams
    stream.pointee.timed_out = { stream in connectionBehind(stream).ending == .silent }
    stream.pointee.should_retry = { stream in connectionBehind(stream).wouldBlock }
    return stream
}

private func connectionBehind(_ stream: UnsafeMutablePointer<mongoc_stream_t>?) -> Connection {
    guard let stream, let context = cmongoc_stream_context(stream) else { fatalError("a stream without a connection") }
    return Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue()
}

private func destroyStream(_ stream: UnsafeMutablePointer<mongoc_stream_t>?) {
    guard let stream else { return }
    if let context = cmongoc_stream_context(stream) { Unmanaged<Connection>.fromOpaque(context).release() }
    bson_free(stream)
}

/// - Parameter milliseconds: 0 asks what is there; negative means the driver's default, five minutes.
private func deadline(_ milliseconds: Int32) -> MonotonicTime {
    switch milliseconds {
    case 0: MonotonicTime(nanoseconds: 0)
    case ..<0: .now + .seconds(300)
    default: .now + .milliseconds(Int64(milliseconds))
    }
}

private func writeToStream(
    _ stream: UnsafeMutablePointer<mongoc_stream_t>?, _ parts: UnsafeMutablePointer<mongoc_iovec_t>?, _ count: Int,
    _ milliseconds: Int32
) -> Int {
    let connection = connectionBehind(stream)
    var bytes: [UInt8] = []
    for part in UnsafeBufferPointer(start: parts, count: count) {
        bytes += UnsafeRawBufferPointer(start: part.iov_base, count: part.iov_len)
    }
    let end = milliseconds == 0 ? MonotonicTime.now + .milliseconds(100) : deadline(milliseconds)
    let written = bytes.withUnsafeBytes { connection.write($0, until: end) }
    if written < 0 { errno = connection.systemError }
    return written
}

private func readFromStream(
    _ stream: UnsafeMutablePointer<mongoc_stream_t>?, _ parts: UnsafeMutablePointer<mongoc_iovec_t>?, _ count: Int,
    _ least: Int, _ milliseconds: Int32
) -> Int {
    let connection = connectionBehind(stream)
    let end = deadline(milliseconds)
    var total = 0
    for part in UnsafeBufferPointer(start: parts, count: count) {
        let buffer = UnsafeMutableRawBufferPointer(start: part.iov_base, count: part.iov_len)
        var filled = 0
        while filled < buffer.count, total < max(least, 1) {
            let received = connection.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]), until: end)
            guard received > 0 else {
                if received < 0 { errno = connection.wouldBlock && milliseconds == 0 ? EAGAIN : connection.systemError }
                return total > 0 && least == 0 ? total : received
            }
            filled += received
            total += received
        }
    }
    return total
}

/// For one stream, as a client for one server has. An end is reported as something to read, so that it is read, and seen.
private func pollStreams(
    _ polls: UnsafeMutablePointer<mongoc_stream_poll_t>?, _ count: Int, _ milliseconds: Int32
) -> Int {
    guard let polls, count > 0 else { return 0 }
    let connection = connectionBehind(polls.pointee.stream)
    polls.pointee.revents = polls.pointee.events & Int32(POLLOUT)
    let wantsBytes = polls.pointee.events & Int32(POLLIN) != 0
    if wantsBytes, polls.pointee.revents != 0 || connection.waitForBytes(until: deadline(milliseconds)) {
        polls.pointee.revents |= Int32(POLLIN)
    }
    return polls.pointee.revents == 0 ? 0 : 1
}

extension Connection {
    /// The error number that says the same as ``ending``, for the driver.
    fileprivate var systemError: Int32 {
        switch ending {
        case .silent: ETIMEDOUT
        case .reset(let number): number
        default: ECONNRESET
        }
    }
}
