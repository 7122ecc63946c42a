import Threads

/// Stands between the service and mongod, as a network does, and can be as bad as one.
final class Relay: Sendable {
    enum Mode: Sendable {
        case forwards
        /// Swallows all bytes in both directions and keeps the connections: a route that has become a black hole.
        case silent
        /// Lets the TLS handshake through, and swallows what the client sends after it.
        case silentAfterHandshake
    }

    private struct State: Sendable {
        var mode: Mode
        var accepted = 0
        var connections: [ObjectIdentifier: (client: Socket, server: Socket)] = [:]
    }

    private let state: Locked<State>
    private let listener: Listener

    /// - Parameters:
    ///   - port: where mongod listens on 127.0.0.1.
    ///   - host: the loopback address to listen on.
    static func start(to port: Int, host: String = "127.0.0.1", mode: Mode = .forwards) throws -> Relay {
        let state = Locked(State(mode: mode))
        let listener = try Listener(host: host) { client in
            state.withLock { $0.accepted += 1 }
            guard let server = try? Socket.connect(port: port) else { return client.close() }
            join(client, server, state)
        }
        return Relay(state: state, listener: listener)
    }

    private init(state: Locked<State>, listener: Listener) {
        self.state = state
        self.listener = listener
    }

    deinit {
        for (client, server) in state.withLock({ $0.connections }).values {
            client.close()
            server.close()
        }
        state.withLock { $0.connections = [:] }
    }

    var port: Int { listener.port }

    /// How many connections came in.
    var accepted: Int { state.withLock { $0.accepted } }

    var mode: Mode {
        get { state.withLock { $0.mode } }
        set { state.withLock { $0.mode = newValue } }
    }

    private static func join(_ client: Socket, _ server: Socket, _ state: Locked<State>) {
        let id = ObjectIdentifier(client)
        state.withLock { $0.connections[id] = (client, server) }
        let ended: @Sendable () -> Void = {
            let pair = state.withLock { $0.connections.removeValue(forKey: id) }
            pair?.client.close()
            pair?.server.close()
        }
        let records = Locked(TLSRecords())
        client.start(
            .init(
                received: { [weak server] bytes in
                    let isHandshake = records.withLock { records in
                        defer { records.read(bytes) }
                        return !records.isHandshakeOver
                    }
                    switch state.withLock({ $0.mode }) {
                    case .forwards: server?.send(bytes)
                    case .silent: break
                    case .silentAfterHandshake: if isHandshake { server?.send(bytes) }
                    }
                }, ended: ended))
        server.start(
            .init(
                received: { [weak client] bytes in
                    if case .silent = state.withLock({ $0.mode }) { return }
                    client?.send(bytes)
                }, ended: ended))
    }
}

/// Follows the records of a TLS 1.3 client (RFC 8446, section 5.1): its first record of type application_data is its
/// encrypted Finished, which ends the handshake.
struct TLSRecords: Sendable {
    private var pending: [UInt8] = []
    private(set) var isHandshakeOver = false

    mutating func read(_ bytes: some Sequence<UInt8>) {
        if isHandshakeOver { return }
        pending += bytes
        while pending.count >= 5 {
            let length = 5 + Int(pending[3]) << 8 + Int(pending[4])
            guard pending.count >= length else { return }
            if pending[0] == 23 { isHandshakeOver = true }
            pending.removeFirst(length)
        }
    }
}
