import LocalMongo
import Threads

/// A throw-away MongoDB behind a relay on loopback, with faults that come and go while clients use it.
public final class BreakableDatabase: Sendable {
    /// The database itself; what is done through it does not go by the relay.
    public let database: BookinfoDatabase
    let relays: [Relay]
    /// What undoes the fault of now, and its name.
    private let current = Locked<Current?>(nil)
    private let turn = Turnstile()

    private struct Current: Sendable {
        var fault: LiveFault
        /// What makes it, for as long as it lasts.
        var owner: (any Sendable)?
    }

    /// Starts a database, or a replica set of three.
    ///
    /// - Throws: as ``BookinfoDatabase/start(_:)``.
    public static func start(
        _ options: BookinfoDatabase.Options = .init(), isReplicaSet: Bool = false
    ) async throws -> BreakableDatabase {
        var options = options
        options.parameters["enableTestCommands"] = "1"
        let relays = try (0..<(isReplicaSet ? 3 : 1)).map { _ in try Relay.start(to: 0) }
        if isReplicaSet { options.replicaSet = .init(publicPorts: relays.map(\.port)) }
        let database = try await BookinfoDatabase.start(options)
        for (relay, member) in zip(relays, database.members) { relay.target = member.server.port }
        return BreakableDatabase(database: database, relays: relays)
    }

    private init(database: BookinfoDatabase, relays: [Relay]) {
        self.database = database
        self.relays = relays
    }

    /// What the service gets as `MONGO_DB_URL`: user `bookinfo`, by the relay. A secret.
    public var url: String { database.url(ports: relays.map(\.port)) + "&appName=\(Self.appName)" }

    /// What clients by ``url`` are known by, so that a server can fail their reads and not the administrator's.
    static let appName = "ratings-v2"

    /// Ends the fault of now, where there is one, and makes another. Returns when it is in effect.
    ///
    /// - Parameter latency: how much later answers come, for ``LiveFault/slow``.
    public func begin(_ fault: LiveFault, latency: Duration = .milliseconds(80)) async throws {
        try await turn.pass { [self] in
            try await endNow()
            if fault == .failOver, relays.count == 1 {
                throw LocalMongoError("failOver needs a replica set: start with --replica-set")
            }
            current.withLock { $0 = Current(fault: fault) }
            let owner = try await make(fault, latency)
            current.withLock {
                $0 = fault.isMomentary && fault != .failOver ? nil : Current(fault: fault, owner: owner)
            }
        }
    }

    /// Ends the fault of now. Returns when the database can be read again. Nothing happens where there is none.
    public func end() async throws {
        try await turn.pass { [self] in try await endNow() }
    }

    /// Ends all servers at once. Connections of this process may still wait for them: it should end, too.
    public func kill() async {
        for relay in relays { relay.refuse() }
        for member in database.members { try? await member.stop(.kill) }
    }

    private func make(_ fault: LiveFault, _ latency: Duration) async throws -> (any Sendable)? {
        switch fault {
        case .slow: for relay in relays { relay.mode = .slow(latency) }
        case .frozen:
            for member in database.members { member.send(.suspend) }
            _ = await eventually(within: .seconds(1), every: .milliseconds(1)) {
                database.members.allSatisfy(\.isFrozen)
            }
        case .restart: try await restart()
        case .failOver: try await failOver()
        case .of(.refused):
            for relay in relays {
                relay.refuse()
                relay.cut()
            }
        case .of(.wrongPassword):
            try await setPassword(Secret.random())
            for relay in relays { relay.cut() }
        case .of(.noRole): try await setRoles("[]")
        case .of(let fault): return try await make(fault)
        }
        return nil
    }

    private func make(_ fault: DatabaseFault) async throws -> (any Sendable)? {
        if let mode = fault.relayMode {
            for relay in relays {
                relay.mode = mode
                if LiveFault.of(fault).cutsConnections { relay.cut(reset: fault == .reset) }
            }
            return nil
        }
        if let data = fault.readFailure {
            for member in database.members {
                try await run(DatabaseFault.failFind(data + #", "appName": "\#(Self.appName)""#), at: member)
            }
            return nil
        }
        guard let impostor = try await fault.impostor(of: database) else {
            throw LocalMongoError("nobody knows how to make \(fault) now")
        }
        for relay in relays {
            relay.target = impostor.port
            relay.cut()
        }
        return impostor
    }

    private func endNow() async throws {
        guard let ending = current.withLock({ $0 }) else { return }
        switch ending.fault {
        case .slow: for relay in relays { relay.mode = .forwards }
        case .frozen: for member in database.members { member.send(.resume) }
        case .restart: try await restart()
        case .failOver: try await revive()
        case .of(.refused): for relay in relays { try relay.listen() }
        case .of(.wrongPassword): try await setPassword(database.password)
        case .of(.noRole): try await setRoles(#"["read"]"#)
        case .of(let fault) where fault.readFailure != nil:
            for member in database.members {
                try await run(#"{"configureFailPoint": "failCommand", "mode": "off"}"#, at: member)
            }
        case .of:
            for (relay, member) in zip(relays, database.members) {
                relay.mode = .forwards
                relay.target = member.server.port
                // A connection that lost bytes is good for nothing.
                relay.cut()
            }
        }
        current.withLock { $0 = nil }
        withExtendedLifetime(ending.owner) {}
        if relays.count > 1 { try await database.waitForPrimary() }
    }

    private func setPassword(_ password: String) async throws {
        try await database.runCommand(#"{"updateUser": "bookinfo", "pwd": "\#(password)"}"#)
    }

    private func setRoles(_ roles: String) async throws {
        try await database.runCommand(#"{"updateUser": "bookinfo", "roles": \#(roles)}"#)
    }

    private func run(_ command: String, at member: MongodProcess) async throws {
        try await database.runCommand(command, on: "admin", at: member)
    }
}
