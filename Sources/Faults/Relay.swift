import LocalMongo
import Threads

/// Stands between clients and mongod, as a network does, and can be as bad as one.
final class Relay: Sendable {
    enum Mode: Sendable {
        case forwards
        /// Swallows all bytes in both directions and keeps the connections: a route that has become a black hole.
        case silent
        /// Lets the TLS handshake through, and swallows what the client sends after it.
        case silentAfterHandshake
        /// Closes when the client says this.
        case closesAt([UInt8])
        /// Swallows what the client says from the bytes on that hold this.
        case silentAt([UInt8])
        /// Resets connections as soon as they are there.
        case resets
        /// Passes what the server says on so much later.
        case slow(Duration)
    }

    private struct Connection: Sendable {
        let client: Socket
        let server: Socket
        let begin = MonotonicTime.now
        var isForgotten = false
    }

    private struct State: Sendable {
        var mode: Mode
        var target: Int
        let delay: Duration
        var accepted = 0
        /// By their number in the order in which they came.
        var connections: [Int: Connection] = [:]
        var listener: Listener?

        /// How long what the server says is on its way.
        var delayBack: Duration {
            if case .slow(let latency) = mode { delay + latency } else { delay }
        }

        func isForgotten(_ number: Int) -> Bool { connections[number]?.isForgotten ?? false }
    }

    private let state: Locked<State>
    private let host: String
    private let held = Locked<HeldPort?>(nil)
    let port: Int

    /// - Parameters:
    ///   - port: where mongod listens on 127.0.0.1.
    ///   - host: the loopback address to listen on.
    ///   - listeningPort: a port that was free a moment ago; one that the relay holds for itself unless given.
    ///   - delay: how long bytes take, in each direction.
    static func start(
        to port: Int, host: String = "127.0.0.1", listeningPort: Int? = nil, mode: Mode = .forwards,
        delay: Duration = .zero
    ) throws -> Relay {
        let held = try listeningPort == nil ? HeldPort() : nil
        let relay = Relay(
            at: host, on: held?.number ?? listeningPort ?? 0, State(mode: mode, target: port, delay: delay))
        relay.held.withLock { $0 = held }
        try relay.listen()
        return relay
    }

    private init(at host: String, on port: Int, _ state: State) {
        self.state = Locked(state)
        self.host = host
        self.port = port
    }

    // The listener and the state know each other.
    deinit {
        refuse()
        cut()
    }

    /// How many connections came in.
    var accepted: Int { state.withLock { $0.accepted } }

    var mode: Mode {
        get { state.withLock { $0.mode } }
        set { state.withLock { $0.mode = newValue } }
    }

    /// Where new connections go.
    var target: Int {
        get { state.withLock { $0.target } }
        set { state.withLock { $0.target = newValue } }
    }

    /// Accepts connections, as it does from its start on. Nothing happens where it does already.
    func listen() throws {
        guard state.withLock({ $0.listener == nil }) else { return }
        let listener = try Listener(host: host, port: port) { [state] client in Self.accept(client, state) }
        state.withLock { $0.listener = listener }
    }

    /// Refuses connections from now on, and keeps the port all the same.
    func refuse() {
        let listener = state.withLock { state in
            defer { state.listener = nil }
            return state.listener
        }
        withExtendedLifetime(listener) {}
    }

    /// Swallows from now on all bytes, and the end, of the connections that there are, as a NAT does that has forgotten them;
    /// new ones are not touched.
    ///
    /// - Parameter age: those that are younger are being made, and nobody forgets them.
    func forgetConnections(of age: Duration = .zero) {
        let latest = MonotonicTime.now - age
        state.withLock { state in
            for (id, connection) in state.connections where connection.begin <= latest {
                state.connections[id]?.isForgotten = true
            }
        }
    }

    /// The numbers of the connections that there are, the oldest first.
    var connections: [Int] { state.withLock { $0.connections.keys.sorted() } }

    /// Ends connections.
    ///
    /// - Parameters:
    ///   - number: which one; all where nothing is named.
    ///   - reset: whether clients get RST in place of FIN.
    func cut(_ number: Int? = nil, reset: Bool = false) {
        let ended = state.withLock { state in
            (number.map { [$0] } ?? Array(state.connections.keys)).map { state.connections.removeValue(forKey: $0) }
        }
        for connection in ended {
            connection?.client.close(reset: reset)
            connection?.server.close()
        }
    }

    private static func accept(_ client: Socket, _ state: Locked<State>) {
        let (number, mode, target) = state.withLock { state in
            state.accepted += 1
            return (state.accepted, state.mode, state.target)
        }
        if case .resets = mode { return client.close(reset: true) }
        // All sockets of the tests share this thread: nobody waits here for a server that accepts nothing.
        guard let server = try? Socket.beginConnecting(port: target) else { return client.close() }
        join(number, client, server, state)
    }

    private static func join(_ number: Int, _ client: Socket, _ server: Socket, _ state: Locked<State>) {
        state.withLock { $0.connections[number] = Connection(client: client, server: server) }
        let ended: @Sendable () -> Void = {
            let pair = state.withLock { $0.connections.removeValue(forKey: number) }
            pair?.client.close(reset: pair?.server.isBroken == true)
            pair?.server.close()
        }
        // The connections' list keeps both; they do not keep each other.
        let way = DelayLine()
        let pass: @Sendable ([UInt8]) -> Void = { [weak server] bytes in
            way.run(after: state.withLock { $0.delay }) { [weak server] in server?.send(bytes) }
        }
        let records = Locked(TLSRecords())
        client.start(
            .init(
                received: { bytes in
                    let handshake = records.withLock { $0.read(bytes) }
                    let (mode, isForgotten) = state.withLock { ($0.mode, $0.isForgotten(number)) }
                    if isForgotten { return }
                    switch mode {
                    case .forwards, .slow: pass(bytes)
                    case .silent: break
                    case .silentAfterHandshake: if handshake > 0 { pass(Array(bytes[..<handshake])) }
                    case .closesAt(let mark): if bytes.holds(mark) { ended() } else { pass(bytes) }
                    case .silentAt(let mark): if !bytes.holds(mark) { pass(bytes) }
                    case .resets: ended()
                    }
                }, ended: { way.run(after: state.withLock { $0.delay }, ended) }))
        let wayBack = DelayLine()
        let isSwallowed: @Sendable () -> Bool = {
            state.withLock { state in
                if case .silent = state.mode { true } else { state.isForgotten(number) }
            }
        }
        server.start(
            .init(
                received: { [weak client] bytes in
                    if isSwallowed() { return }
                    wayBack.run(after: state.withLock { $0.delayBack }) { [weak client] in client?.send(bytes) }
                },
                ended: {
                    if isSwallowed() { return }
                    wayBack.run(after: state.withLock { $0.delayBack }, ended)
                }))
    }
}

/// Follows the records of a TLS 1.3 client (RFC 8446, section 5.1): its first record of type application_data is its
/// encrypted Finished, which ends the handshake.
struct TLSRecords: Sendable {
    private var pending: [UInt8] = []
    private(set) var isHandshakeOver = false

    /// - Returns: how many of the bytes belong to the handshake: what follows it may have come with its end.
    @discardableResult
    mutating func read(_ bytes: [UInt8]) -> Int {
        if isHandshakeOver { return 0 }
        let before = pending.count
        pending += bytes
        var position = 0
        while pending.count - position >= 5 {
            let length = 5 + Int(pending[position + 3]) << 8 + Int(pending[position + 4])
            guard pending.count - position >= length else { break }
            let type = pending[position]
            position += length
            if type == 23 {
                isHandshakeOver = true
                return position - before
            }
        }
        pending.removeFirst(position)
        return bytes.count
    }
}

extension [UInt8] {
    fileprivate func holds(_ mark: [UInt8]) -> Bool {
        indices.contains { self[$0...].starts(with: mark) }
    }
}
