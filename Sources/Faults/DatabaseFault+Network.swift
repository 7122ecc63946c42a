import LocalMongo

extension DatabaseFault {
    /// What a relay before the database does, where that makes the fault.
    var relayMode: Relay.Mode? {
        switch self {
        case .silent: .silent
        case .reset: .resets
        case .silentAfterTLSHandshake: .silentAfterHandshake
        default: nil
        }
    }

    /// What stands in the database's place.
    struct Impostor: Sendable {
        let port: Int
        let owner: any Sendable
    }

    /// Makes what stands in the place of the database, for a client that comes with its URL; nil where the fault is none of
    /// that kind.
    func impostor(of database: BookinfoDatabase) async throws -> Impostor? {
        switch self {
        case .refused:
            let held = try HeldPort()
            return Impostor(port: held.number, owner: held)
        case .closesAtOnce: return try listener(.closes)
        case .closesAfterClientHello: return try listener(.closesAfterFirstBytes)
        case .resetsAfterClientHello: return try listener(.resetsAfterFirstBytes)
        case .answersHTTPToTLS: return try listener(.answers(Self.http))
        case .tlsToAPlainServer:
            let plain = try await PlainMongod.start()
            return Impostor(port: plain.port, owner: plain)
        default: return try await certified(by: database.authority)
        }
    }

    private func listener(_ behaviour: FaultyServer.Behaviour) throws -> Impostor {
        let server = try FaultyServer.start(behaviour)
        return Impostor(port: server.port, owner: server)
    }

    /// What `find` does, in the words of the failpoint `failCommand`, where that is the fault.
    var readFailure: String? {
        switch self {
        case .cutDuringRead: #""closeConnection": true"#
        case .silentDuringRead: #""blockConnection": true, "blockTimeMS": 4000"#
        case .readError: #""errorCode": 96"#
        default: nil
        }
    }

    /// The command that makes `find` fail on a server with the parameter `enableTestCommands=1`
    /// (<https://github.com/mongodb/mongo/wiki/The-%22failCommand%22-fail-point>).
    static func failFind(_ data: String) -> String {
        #"{"configureFailPoint": "failCommand", "mode": "alwaysOn", "data": {"failCommands": ["find"], \#(data)}}"#
    }
}
