import CUV

/// What happens on a ``TCPStream``.
public protocol TCPStreamDelegate: AnyObject {
    /// Bytes have arrived. They are valid during the call only.
    func received(_ bytes: UnsafeRawBufferPointer)

    /// The peer sends no more. It may still read.
    func receivedEnd()

    /// Everything that was written is with the kernel, after ``TCPStream/isSending`` was true.
    func sent()

    /// The connection is broken. Nothing more comes.
    func failed()
}

/// An accepted TCP connection.
public final class TCPStream {
    public unowned var delegate: (any TCPStreamDelegate)?

    private let loop: EventLoop
    private let handle: Handle<uv_tcp_t>
    private var isReading = false

    init(acceptedFrom listener: UnsafeMutablePointer<uv_stream_t>, on loop: EventLoop) throws(UVError) {
        self.loop = loop
        handle = try Handle { uv_tcp_init(loop.pointer, $0) }
        handle.call(self)
        try UVError.check(uv_accept(listener, stream))
    }

    deinit { handle.close() }

    private var stream: UnsafeMutablePointer<uv_stream_t> { handle.cast(to: uv_stream_t.self) }

    /// How much the kernel has not taken yet.
    public private(set) var unsentBytes = 0

    public var isSending: Bool { unsentBytes > 0 }

    public var isClosed: Bool { handle.isClosed }

    /// Has ``delegate`` called with what arrives.
    public func startReading() {
        guard !isClosed, !isReading else { return }
        isReading = true
        uv_read_start(stream, allocateBuffer, bytesCame)
    }

    /// Leaves what arrives to the kernel, which lets the peer know.
    public func stopReading() {
        guard !isClosed, isReading else { return }
        isReading = false
        uv_read_stop(stream)
    }

    /// Sends bytes. What the kernel does not take at once is copied and follows; see ``isSending``.
    public func write(_ bytes: UnsafeRawBufferPointer) {
        guard !isClosed, let start = bytes.baseAddress, !bytes.isEmpty else { return }
        var sent = 0
        if unsentBytes == 0 {
            var buffer = uv_buf_t(start, bytes.count)
            let result = uv_try_write(stream, &buffer, 1)
            // A broken connection tells the delegate when it is read or written next, and never from within this call.
            sent = max(0, Int(result))
        }
        if sent < bytes.count { queue(UnsafeRawBufferPointer(rebasing: bytes[sent...])) }
    }

    /// SO_SNDBUF once more than this waits to be sent: with the small one of the ``TCPListener`` a megabyte takes half a second.
    private static let largeSendBufferBytes: Int32 = 128 << 10
    private static let muchBytes = 64 << 10

    /// libuv wants the request and the bytes to live until its callback, so both are one piece of memory of their own.
    private func queue(_ bytes: UnsafeRawBufferPointer) {
        let header = MemoryLayout<uv_write_t>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: header + bytes.count, alignment: 16)
        let request = memory.bindMemory(to: uv_write_t.self, capacity: 1)
        let copy = UnsafeMutableRawBufferPointer(start: memory + header, count: bytes.count)
        copy.copyMemory(from: bytes)
        request.pointee.data = UnsafeMutableRawPointer(bitPattern: bytes.count)
        var buffer = uv_buf_t(copy.baseAddress, copy.count)
        if bytes.count > Self.muchBytes {
            var size = Self.largeSendBufferBytes
            uv_send_buffer_size(handle.cast(to: uv_handle_t.self), &size)
        }
        if uv_write(request, stream, &buffer, 1, bytesWritten) == 0 {
            unsentBytes += bytes.count
        } else {
            memory.deallocate()
        }
    }

    /// Sends FIN after what was written before it. The peer may go on sending.
    public func finishSending() {
        guard !isClosed else { return }
        let request = UnsafeMutablePointer<uv_shutdown_t>.allocate(capacity: 1)
        if uv_shutdown(request, stream, finishedSending) < 0 { request.deallocate() }
    }

    /// Ends the connection at once. What was not sent is lost.
    public func close() {
        handle.close()
    }

    fileprivate var readBuffer: UnsafeMutableRawBufferPointer { loop.readBuffer }

    fileprivate func read(_ count: Int) {
        if count > 0 {
            delegate?.received(UnsafeRawBufferPointer(rebasing: readBuffer[..<count]))
        } else if count == Int(UVError.endOfFile.code) {
            delegate?.receivedEnd()
        } else if count < 0 {
            delegate?.failed()
        }
    }

    fileprivate func wrote(_ count: Int, status: Int32) {
        unsentBytes -= count
        if status < 0 {
            delegate?.failed()
        } else if unsentBytes == 0 {
            delegate?.sent()
        }
    }
}

extension uv_buf_t {
    fileprivate init(_ start: UnsafeRawPointer?, _ count: Int) {
        let base = UnsafeMutableRawPointer(mutating: start)?.assumingMemoryBound(to: CChar.self)
        self.init(base: base, len: count)
    }
}

private func allocateBuffer(
    _ handle: UnsafeMutablePointer<uv_handle_t>?, _ size: Int, _ buffer: UnsafeMutablePointer<uv_buf_t>?
) {
    guard let stream = owner(handle?.pointee.data, as: TCPStream.self) else { return }
    buffer?.pointee = uv_buf_t(stream.readBuffer.baseAddress, stream.readBuffer.count)
}

private func bytesCame(
    _ handle: UnsafeMutablePointer<uv_stream_t>?, _ count: Int, _ buffer: UnsafePointer<uv_buf_t>?
) {
    owner(handle?.pointee.data, as: TCPStream.self)?.read(count)
}

private func bytesWritten(_ request: UnsafeMutablePointer<uv_write_t>?, _ status: Int32) {
    guard let request else { return }
    let count = Int(bitPattern: request.pointee.data)
    let stream = owner(request.pointee.handle.pointee.data, as: TCPStream.self)
    UnsafeMutableRawPointer(request).deallocate()
    stream?.wrote(count, status: status)
}

private func finishedSending(_ request: UnsafeMutablePointer<uv_shutdown_t>?, _ status: Int32) {
    request?.deallocate()
}
