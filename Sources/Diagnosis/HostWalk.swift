import Glibc
import MongoClient
import Network
import Threads

/// Walks the layers of one host as far as they go, over one connection. Blocks; on a thread of its own.
struct HostWalk {
    let host: Host
    let route: Route
    let sidecar: Sidecar?
    let report: @Sendable (HostProgress.Event) -> Void

    /// What all hosts of a walk share.
    struct Route: Sendable {
        let connectionString: ConnectionString
        let query: FindQuery
        let lookUps: AddressLookUps
        /// `nil` where the string asks for no TLS.
        let tls: TLSContext?
        /// What a TXT record says.
        let authSource: String?
        /// The set that the string or a TXT record names.
        let replicaSet: String?
        /// Whether the driver looks for a primary among several.
        let isSet: Bool
        let deadline: MonotonicTime

        var connectTimeout: Duration { .milliseconds(Int64(connectionString.connectTimeoutMS)) }
    }

    /// Ends at the first layer that fails.
    func run() {
        do throws(Fault) {
            let addresses = try step(.dns) { () throws(Fault) in try resolve() }
            let before = sidecar?.counters()
            let socket = try step(.tcp) { () throws(Fault) in try connect(to: addresses) }
            let connection = Connection(socket.socket)
            let sight = SidecarSight(
                sidecar: before == nil ? nil : sidecar, before: before, host: host, address: socket.address,
                usesTLS: route.tls != nil)
            if let tls = route.tls { try shakeHands(connection, tls, sight) }
            try converse(connection, sight)
        } catch {}
        report(.ended)
    }

    /// Runs one layer, and reports how long it took and what came of it.
    @discardableResult
    private func step<Value>(
        _ layer: Layer, _ body: () throws(Fault) -> (Value, detail: String)
    ) throws(Fault) -> Value {
        report(.began(layer, .now))
        let start = MonotonicTime.now
        do throws(Fault) {
            let (value, detail) = try body()
            report(.passed(layer, time: .now - start, detail: detail))
            return value
        } catch {
            // A load balancer's server, a version of the protocol, and a shutdown show only when it is asked for more.
            let belongsToHello = [.notALoadBalancer, .serverTooOld, .helloFailed].contains(error.cause)
            report(.failed(belongsToHello ? .hello : layer, time: .now - start, error))
            throw error
        }
    }

    private func limit(_ timeout: Duration) -> MonotonicTime { min(.now + timeout, route.deadline) }

    // MARK: DNS and TCP

    private func resolve() throws(Fault) -> ([SocketAddress], detail: String) {
        if host.isUnixSocket {
            guard let address = SocketAddress(path: host.name) else { throw .pathTooLong(host) }
            return ([address], "a Unix socket needs none")
        }
        switch route.lookUps.addresses(of: host.name, port: host.port, until: route.deadline) {
        case .addresses(let addresses):
            let text = addresses.map(\.description).joined(separator: ", ")
            return (addresses, "\(host.name) is \(text)")
        case .failed(let fault): throw .lookUp(host, fault)
        case .pending(let since): throw .lookUpPending(host, time: .now - since)
        }
    }

    private func connect(
        to addresses: [SocketAddress]
    ) throws(Fault) -> ((socket: TCPSocket, address: SocketAddress), detail: String) {
        let timeout = min(route.connectTimeout, route.deadline - .now)
        let attempts = TCPSocket.connect(to: addresses, timeout: timeout, grace: .milliseconds(250))
        if addresses.count > 1 { report(.tried(attempts.map { $0.attempt(of: host) })) }
        for attempt in attempts {
            if case .connected(let socket) = attempt.outcome {
                return ((socket, attempt.address), "connected to \(attempt.address)")
            }
        }
        // Behind a sidecar it is the sidecar that accepts and refuses.
        if attempts.contains(where: \.isRefused), sidecar != nil { throw .sidecarNotReady(host) }
        throw .connect(host, attempts)
    }

    // MARK: TLS

    private func shakeHands(_ connection: Connection, _ tls: TLSContext, _ sight: SidecarSight) throws(Fault) {
        report(.began(.tls, .now))
        let start = MonotonicTime.now
        let result = connection.startTLS(tls, name: host.name, until: limit(route.connectTimeout))
        let time = MonotonicTime.now - start
        switch result {
        case .success(let agreement):
            let certificate = agreement.chain.first.map { ", certificate of \($0.subject)" } ?? ""
            report(.passed(.tls, time: time, detail: agreement.version + certificate))
        case .failure(.certificate(let faults, let chain)):
            tellOfSidecar(sight)
            let fault = Fault.certificate(host, faults, chain, caFile: route.connectionString.tls.caFile)
            report(.failed(.tls, time: time, fault))
            throw fault
        case .failure(.ended(let ending)):
            try blame(sight, ending, time)
            let fault = tlsFault(ending, time, sight)
            report(.failed(.tls, time: time, fault))
            throw fault
        }
    }

    private func tlsFault(_ ending: Ending, _ time: Duration, _ sight: SidecarSight) -> Fault {
        switch ending {
        case .closed, .reset:
            // A mongod without TLS takes a ClientHello for a message of nonsense and closes: ask it in plain.
            if Probe.answersPlainHello(sight.address, until: limit(route.connectTimeout)) {
                return .serverSpeaksNoTLS(host, nil)
            }
            return .closedDuringHandshake(host, ending, time)
        case .silent: return .silentDuringHandshake(host, time)
        case .alert(let reason, let text): return .alert(host, reason, text, hasCertificate: hasCertificate)
        case .protocolError(_, let text): return .serverSpeaksNoTLS(host, text)
        }
    }

    private var hasCertificate: Bool { route.connectionString.tls.certificateKeyFile != nil }

    // MARK: MongoDB

    private func converse(_ connection: Connection, _ sight: SidecarSight) throws(Fault) {
        var client: DirectClient
        do {
            client = try DirectClient(
                route.connectionString, host: host, authSource: route.authSource, over: connection)
        } catch {
            let fault = Fault(
                .helloFailed, "the driver refuses to begin: \(error)", advice: "check the options of MONGO_DB_URL")
            report(.failed(.hello, time: .zero, fault))
            throw fault
        }
        try sayHello(&client, connection, sight)
        try step(.authentication) { () throws(Fault) in
            let start = MonotonicTime.now
            do throws(MongoError) {
                try client.authenticate()
            } catch {
                throw authenticationFault(error, connection, .now - start)
            }
            return ((), route.connectionString.user.map { "user \($0) of \(source)" } ?? "none asked for")
        }
        try step(.read) { () throws(Fault) in
            let start = MonotonicTime.now
            do throws(MongoError) {
                try client.read(route.query)
            } catch {
                throw readFault(error, connection, .now - start)
            }
            return ((), "\(route.query.name) was read")
        }
    }

    private var source: String { route.authSource ?? route.connectionString.authSource }

    private func sayHello(
        _ client: inout DirectClient, _ connection: Connection, _ sight: SidecarSight
    ) throws(Fault) {
        report(.began(.hello, .now))
        let start = MonotonicTime.now
        let hello: DirectClient.Hello
        do throws(MongoError) {
            hello = try client.hello()
        } catch {
            let time = MonotonicTime.now - start
            var isPassedOn = false
            if connection.received == 0, let ending = connection.ending {
                if case .alert(let reason, let text) = ending {
                    // In TLS 1.3 a server judges the client's certificate after the handshake.
                    let fault = Fault.alert(host, reason, text, hasCertificate: hasCertificate)
                    report(.failed(.tls, time: time, fault))
                    throw fault
                }
                isPassedOn = try blame(sight, ending, time)
            } else {
                tellOfSidecar(sight)
            }
            let fault = helloFault(error, connection, time, sight, isPassedOn: isPassedOn)
            report(.failed(.hello, time: time, fault))
            throw fault
        }
        let time = MonotonicTime.now - start
        tellOfSidecar(sight)
        report(.greeted(hello))
        if let fault = setFault(hello) {
            report(.failed(.hello, time: time, fault))
            throw fault
        }
        report(.passed(.hello, time: time, detail: hello.text))
        guard !route.isSet || !route.connectionString.readsFromPrimaryOnly || hello.isWritablePrimary || hello.isRouter
        else {
            // Nothing is wrong with it; but the driver would not read from it.
            throw .noPrimary([host], route.replicaSet ?? hello.setName)
        }
    }

    private func helloFault(
        _ error: MongoError, _ connection: Connection, _ time: Duration, _ sight: SidecarSight, isPassedOn: Bool
    ) -> Fault {
        if let fault = Fault(hello: error, host) { return fault }
        if error.isOfServer { return .helloFailed(host, error.message) }
        switch connection.ending {
        case _ where connection.received > 0: return .notMongoDB(host, connection.lastReply)
        case .silent?, nil: return .silentDuringHello(host, time)
        case .closed?, .reset?:
            if route.tls == nil, Probe.answersClientHello(sight.address, until: limit(route.connectTimeout)) {
                return .serverRequiresTLS(host, isPassedOn: isPassedOn)
            }
            return .closedDuringHello(host, connection.ending, time)
        case .alert(_, let text)?, .protocolError(_, let text)?: return .helloFailed(host, text)
        }
    }

    private func setFault(_ hello: DirectClient.Hello) -> Fault? {
        guard route.isSet || route.replicaSet != nil, !hello.isRouter else { return nil }
        guard let name = hello.setName else { return .notAReplicaSet(host, wanted: route.replicaSet) }
        guard let wanted = route.replicaSet else { return nil }
        return name == wanted ? nil : .otherReplicaSet(host, wanted: wanted, found: name)
    }

    private func authenticationFault(_ error: MongoError, _ connection: Connection, _ time: Duration) -> Fault {
        if let fault = Fault(hello: error, host) { return fault }
        switch connection.ending {
        case .silent?: return .silentDuringAuthentication(host, time)
        case let ending? where ServerReply(connection.lastReply) == nil:
            return .closedDuringAuthentication(host, ending, time)
        default: break
        }
        let string = route.connectionString
        // Who names no user is not refused one: the driver's second hello was, by a server that has just begun to shut down.
        if string.user == nil, string.mechanism == nil { return .helloFailed(host, error.message) }
        return .authentication(
            host, ServerReply(connection.lastReply), error, user: string.user, source: source,
            mechanism: string.mechanism, certificateFile: string.tls.certificateKeyFile)
    }

    private func readFault(_ error: MongoError, _ connection: Connection, _ time: Duration) -> Fault {
        let reply = ServerReply(connection.lastReply)
        switch connection.ending {
        case .silent? where reply == nil: return .silentDuringRead(host, time)
        case let ending? where reply == nil: return .closedDuringRead(host, ending, time)
        default: return .read(host, reply, error, query: route.query, user: route.connectionString.user, source: source)
        }
    }

    // MARK: The sidecar

    /// Says what the sidecar did with the connection, where that explains its end.
    ///
    /// - Returns: whether a sidecar has passed it on to the server.
    @discardableResult
    private func blame(_ sight: SidecarSight, _ ending: Ending, _ time: Duration) throws(Fault) -> Bool {
        switch ending {
        // The server has said something, so it was reached.
        case .alert, .protocolError:
            tellOfSidecar(sight)
            return sight.sidecar != nil
        case .closed, .reset, .silent: break
        }
        guard let verdict = sight.verdict(ending, after: time) else { return false }
        switch verdict {
        case .passedOn(let detail, let time):
            report(.passed(.sidecar, time: time, detail: detail))
            return true
        case .failed(let fault, let time):
            report(.failed(.sidecar, time: time, fault))
            throw fault
        }
    }

    /// The same where the server has answered, so that the sidecar did well.
    private func tellOfSidecar(_ sight: SidecarSight) {
        if let (detail, time) = sight.passedOn { report(.passed(.sidecar, time: time, detail: detail)) }
    }
}

extension TCPSocket.Attempt {
    var isRefused: Bool {
        if case .failed(ECONNREFUSED) = outcome { true } else { false }
    }

    /// As a person reads it.
    var detail: String {
        switch outcome {
        case .connected: "connected"
        case .failed(let number): String(cString: strerror(number)).lowercasedFirst
        case .silent: "no answer for \(time.inMilliseconds) ms"
        }
    }

    func attempt(of host: Host) -> Diagnosis.Attempt {
        var status = Diagnosis.Status.failed
        if case .connected = outcome { status = .passed }
        return .init(
            host: host.description, address: address.description, status: status, time: time, detail: detail)
    }
}

extension DirectClient.Hello {
    /// What the server is.
    var text: String {
        if isRouter { return "a mongos" }
        guard let setName else { return "a standalone server" }
        return (isWritablePrimary ? "primary" : isSecondary ? "secondary" : "member") + " of replica set \(setName)"
    }
}

extension String {
    /// As the system's error texts stand within a sentence.
    var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
