import LocalMongo

/// A replica set `rs0` of one member, without TLS and authentication, which can lose its primary.
final class SingleMemberSet: Sendable {
    private let mongod: PlainMongod

    var port: Int { mongod.port }

    static func start() async throws -> SingleMemberSet {
        let mongod = try await PlainMongod.start { $0.replicaSet = .init(name: "rs0") }
        let set = SingleMemberSet(mongod: mongod)
        try await mongod.run(
            #"{"replSetInitiate": {"_id": "rs0", "members": [{"_id": 0, "host": "localhost:\#(mongod.port)"}]}}"#)
        try await set.wait(for: #""isWritablePrimary" : true"#)
        return set
    }

    private init(mongod: PlainMongod) {
        self.mongod = mongod
    }

    /// Ends the member at once.
    func kill() { mongod.kill() }

    /// For a minute there is no primary.
    func stepDown() async throws {
        // It may cut our own connection.
        _ = try? await mongod.run(#"{"replSetStepDown": 60, "force": true}"#)
        try await wait(for: #""secondary" : true"#)
    }

    private func wait(for text: String) async throws {
        let isThere = try await eventually(within: .seconds(30), every: .milliseconds(50)) {
            try await mongod.run(#"{"hello": 1}"#).contains(text)
        }
        guard isThere else { throw LocalMongoError("the replica set never said \(text)") }
    }
}
