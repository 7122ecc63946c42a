import LocalMongo
import Testing
import Threads

@testable import Faults

/// What the relays of all tests have in common: the thread that waits for their sockets.
struct Relays {
    /// A connection to a server that accepts nothing takes seconds to be tried again.
    @Test func nobodyWaitsForAServerThatAcceptsNothing() async throws {
        let full = try FullAcceptQueue()
        let silent = try Relay.start(to: full.port)
        let heard = Locked(false)
        let clients = Locked<[Socket]>([])
        let echo = try Listener { client in
            client.start(.init(received: { [weak client] in client?.send($0) }))
            clients.withLock { $0.append(client) }
        }
        let relay = try Relay.start(to: echo.port)
        let waiting = try Socket.connect(port: silent.port)
        try await Task.sleep(for: .milliseconds(50))
        let socket = try Socket.connect(port: relay.port)
        socket.start(.init(received: { _ in heard.withLock { $0 = true } }))
        socket.send([1])
        #expect(await eventually(within: .milliseconds(500), every: .milliseconds(5)) { heard.withLock { $0 } })
        withExtendedLifetime((full, waiting, echo)) {}
    }
}
