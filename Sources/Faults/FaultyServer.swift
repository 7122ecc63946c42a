import Threads

/// A listener on loopback that is no database.
final class FaultyServer: Sendable {
    enum Behaviour: Sendable {
        /// Accepts and says nothing.
        case silent
        /// Closes as soon as it has accepted.
        case closes
        /// Resets as soon as it has accepted.
        case resets
        /// Closes when the client has said something: in a TLS handshake, after its ClientHello.
        case closesAfterFirstBytes
        /// The same with a reset.
        case resetsAfterFirstBytes
        /// Answers this to whatever the client says.
        case answers([UInt8])
    }

    private let listener: Listener
    private let connections: Locked<[ObjectIdentifier: Socket]>

    var port: Int { listener.port }

    static func start(_ behaviour: Behaviour) throws -> FaultyServer {
        let connections = Locked<[ObjectIdentifier: Socket]>([:])
        let listener = try Listener { socket in
            switch behaviour {
            case .closes: return socket.close()
            case .resets: return socket.close(reset: true)
            case .silent, .closesAfterFirstBytes, .resetsAfterFirstBytes, .answers: break
            }
            let id = ObjectIdentifier(socket)
            connections.withLock { $0[id] = socket }
            let received: @Sendable ([UInt8]) -> Void = { [weak socket] _ in
                switch behaviour {
                case .closesAfterFirstBytes: socket?.close()
                case .resetsAfterFirstBytes: socket?.close(reset: true)
                case .answers(let bytes): socket?.send(bytes)
                case .silent, .closes, .resets: break
                }
            }
            socket.start(.init(received: received, ended: { _ = connections.withLock { $0.removeValue(forKey: id) } }))
        }
        return FaultyServer(listener: listener, connections: connections)
    }

    private init(listener: Listener, connections: Locked<[ObjectIdentifier: Socket]>) {
        self.listener = listener
        self.connections = connections
    }

    deinit {
        for socket in connections.withLock({ $0 }).values { socket.close() }
        connections.withLock { $0 = [:] }
    }
}
