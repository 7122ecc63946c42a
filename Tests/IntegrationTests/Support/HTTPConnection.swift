import Threads

@testable import Faults

/// A TCP connection to the service, on which a test can send whatever it likes.
final class HTTPConnection: Sendable {
    private struct State: Sendable {
        var bytes: [UInt8] = []
        var isEnded = false
        var changes = 0
        var waiter: CheckedContinuation<Void, Never>?
    }

    struct Timeout: Error {}
    struct Closed: Error {
        let received: String
    }

    private let socket: Socket
    private let state: Locked<State>

    /// - Parameter receiveBuffer: SO_RCVBUF in bytes, for a client that takes little at a time.
    static func open(port: Int, host: String = "127.0.0.1", receiveBuffer: Int32? = nil) async throws -> HTTPConnection
    {
        HTTPConnection(try Socket.connect(host: host, port: port, receiveBuffer: receiveBuffer))
    }

    private init(_ socket: Socket) {
        self.socket = socket
        let state = Locked(State())
        self.state = state
        socket.start(
            .init(
                received: { bytes in Self.change(state) { $0.bytes += bytes } },
                ended: { Self.change(state) { $0.isEnded = true } }))
    }

    /// Errors show when an answer is awaited: a server may answer and close before it has read everything.
    func send(_ text: String) {
        send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) {
        socket.send(bytes)
    }

    /// Closes the sending side only.
    func finishSending() {
        socket.finishSending()
    }

    /// - Parameter reset: whether the service gets RST in place of FIN.
    func close(reset: Bool = false) {
        socket.close(reset: reset)
    }

    /// Leaves the answers unread.
    func stopReading() {
        socket.stopReading()
    }

    func startReading() {
        socket.startReading()
    }

    /// The next final answer; interim ones (100) are passed over.
    func answer(to method: String = "GET", within limit: Duration = .seconds(15)) async throws -> HTTPAnswer {
        try await wait(within: limit) { bytes, isEnded in
            while let answer = try HTTPAnswer(consuming: &bytes, method: method, isEnded: isEnded) {
                if answer.status >= 200 { return answer }
            }
            if isEnded { throw Closed(received: String(decoding: bytes, as: UTF8.self)) }
            return nil
        }
    }

    /// The next answer, be it an interim one.
    func anyAnswer(within limit: Duration = .seconds(15)) async throws -> HTTPAnswer {
        try await wait(within: limit) { bytes, isEnded in
            let answer = try HTTPAnswer(consuming: &bytes, method: "GET", isEnded: isEnded)
            if answer == nil, isEnded { throw Closed(received: String(decoding: bytes, as: UTF8.self)) }
            return answer
        }
    }

    /// Sends a request on this connection and waits for its answer.
    func request(
        _ target: String, method: String = "GET", headers: String = "", within limit: Duration = .seconds(15)
    ) async throws -> HTTPAnswer {
        send("\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n\(headers)\r\n")
        return try await answer(to: method, within: limit)
    }

    /// Waits until the server has closed the connection.
    ///
    /// - Returns: what it sent that nobody has taken.
    func waitForClose(within limit: Duration) async throws -> String {
        try await wait(within: limit) { bytes, isEnded in
            isEnded ? String(decoding: bytes, as: UTF8.self) : nil
        }
    }

    /// Whether the server has closed the connection, as far as is known.
    var isClosed: Bool { state.withLock { $0.isEnded } }

    /// What the server has sent that nobody has taken.
    var received: [UInt8] { state.withLock { $0.bytes } }

    private static func change(_ state: Locked<State>, _ body: (inout State) -> Void) {
        let waiter = state.withLock { state in
            body(&state)
            state.changes += 1
            return state.waiter.take()
        }
        waiter?.resume()
    }

    private func wait<Value: Sendable>(
        within limit: Duration, for parse: (inout [UInt8], Bool) throws -> Value?
    ) async throws -> Value {
        let end = ContinuousClock.now + limit
        let alarm = Task { [state] in
            try await Task.sleep(for: limit)
            Self.change(state) { _ in }
        }
        defer { alarm.cancel() }
        while true {
            let (value, changes) = try state.withLock { (try parse(&$0.bytes, $0.isEnded), $0.changes) }
            if let value { return value }
            if ContinuousClock.now >= end { throw Timeout() }
            await withCheckedContinuation { continuation in
                let hasChanged = state.withLock { state in
                    if state.changes == changes { state.waiter = continuation }
                    return state.changes != changes
                }
                if hasChanged { continuation.resume() }
            }
        }
    }
}
