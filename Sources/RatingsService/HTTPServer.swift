import EventLoop
import HTTP1
import Log
import Threads

/// The HTTP side: its listener, its connections, and what they share. It lives on the event loop.
public final class HTTPServer {
    let loop: EventLoop
    let repository: any RatingsRepository
    let logger: Logger
    let limits: HTTPLimits

    /// Where a connection puts its answers together before it writes them in one piece.
    var output: [UInt8] = []

    /// The value of `Date`.
    var date = HTTPDate()

    /// The end that the connections come to; `nil` while there is none.
    private(set) var drain: Drain?

    private var listener: TCPListener?
    private var listenerTimer: Timer?
    private var connections: [ObjectIdentifier: HTTPConnection] = [:]
    private var drained: (() -> Void)?
    private var keptBytes = 0
    private var isMakingRoom = false
    private lazy var refusals = RefusedConnections(limit: limits.connections, logger: logger)

    /// - Parameters:
    ///   - repository: where the ratings come from.
    ///   - logger: takes a line per request at the level debug.
    ///   - maximumConnections: how many connections the descriptors allow for.
    public convenience init(
        on loop: EventLoop, repository: any RatingsRepository, logger: Logger, maximumConnections: Int
    ) {
        var limits = HTTPLimits()
        limits.connections = min(limits.connections, maximumConnections)
        self.init(on: loop, repository: repository, logger: logger, limits: limits)
    }

    init(on loop: EventLoop, repository: any RatingsRepository, logger: Logger, limits: HTTPLimits) {
        self.loop = loop
        self.repository = repository
        self.logger = logger
        self.limits = limits
    }

    /// Accepts connections from now on.
    ///
    /// - Parameter port: the TCP port, on all addresses; 0 lets the system choose.
    /// - Returns: the port.
    /// - Throws: `UVError`, such as one for a port that is taken.
    public func listen(port: UInt16) throws(UVError) -> UInt16 {
        let listener = try TCPListener(on: loop, port: port) { [unowned self] stream in add(stream) }
        self.listener = listener
        return listener.port
    }

    /// Accepts no connection any more, answers what has been asked, and ends every connection: with the answer to a request,
    /// or where none comes at `idleUntil`. Who keeps connections, as a proxy does, may just have written a request to one that
    /// looks idle here.
    ///
    /// - Parameter drained: called when there is no connection left.
    public func drain(idleUntil: MonotonicTime, _ drained: @escaping () -> Void) {
        guard drain == nil else { return }
        drain = Drain(began: loop.now, idleUntil: idleUntil)
        self.drained = drained
        for connection in Array(connections.values) { connection.drain() }
        // Whom the kernel has let in already is accepted in this turn, and gets an answer, too.
        let timer = Timer(on: loop) { [unowned self] in stopListening() }
        timer.start(at: loop.now + .milliseconds(1))
        listenerTimer = timer
    }

    private func stopListening() {
        listenerTimer = nil
        listener?.close()
        listener = nil
        callDrainedWhereEmpty()
    }

    private func add(_ stream: TCPStream) {
        // It is closed as it goes.
        guard connections.count < limits.connections else { return refusals.note(at: loop.now) }
        let connection = HTTPConnection(stream, of: self)
        connections[ObjectIdentifier(connection)] = connection
        connection.start()
    }

    func remove(_ connection: HTTPConnection) {
        connections.removeValue(forKey: ObjectIdentifier(connection))
        callDrainedWhereEmpty()
    }

    /// Takes notice of memory that is kept for a client, or no longer is.
    func account(_ bytes: Int) {
        keptBytes += bytes
        guard bytes > 0, keptBytes > limits.keptBytes, !isMakingRoom else { return }
        isMakingRoom = true
        defer { isMakingRoom = false }
        while keptBytes > limits.keptBytes, let oldest = oldestUnfinishedRequest { oldest.refuseForWantOfMemory() }
    }

    private var oldestUnfinishedRequest: HTTPConnection? {
        connections.values.lazy.compactMap { connection in connection.requestBegan.map { ($0, connection) } }
            .min { $0.0 < $1.0 }?.1
    }

    private func callDrainedWhereEmpty() {
        guard drain != nil, listener == nil, connections.isEmpty else { return }
        drained.take()?()
    }
}
