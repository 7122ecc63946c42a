import LocalMongo
import Processes

/// A replica set `rs0` of three members, without TLS and authentication, that read and vote all.
final class ReplicaSet: Sendable {
    let members: [PlainMongod]

    /// What the service gets as `MONGO_DB_URL`.
    func url(_ options: String) -> String {
        let hosts = members.map { "localhost:\($0.port)" }.joined(separator: ",")
        return "mongodb://\(hosts)/test?replicaSet=rs0&\(options)"
    }

    static func start() async throws -> ReplicaSet {
        var members: [PlainMongod] = []
        for _ in 0..<3 {
            let member = try await PlainMongod.start { server in
                server.replicaSet = .init(name: "rs0")
                // How long it goes on in quiesce mode; 15 s by itself.
                server.parameters["shutdownTimeoutMillisForSignaledShutdown"] = "3000"
            }
            members.append(member)
        }
        let set = ReplicaSet(members)
        let list = members.enumerated().map { #"{"_id": \#($0), "host": "localhost:\#($1.port)"}"# }
        try await members[0].run(#"{"replSetInitiate": {"_id": "rs0", "members": [\#(list.joined(separator: ","))]}}"#)
        try await set.waitUntilComplete()
        return set
    }

    private init(_ members: [PlainMongod]) {
        self.members = members
    }

    /// Waits for one primary and two secondaries.
    func waitUntilComplete() async throws {
        let isComplete = try await eventually(within: .seconds(60), every: .milliseconds(100)) {
            var hellos: [String] = []
            for member in members { hellos.append(try await member.run(#"{"hello": 1}"#)) }
            return hellos.count { $0.contains(#""isWritablePrimary" : true"#) } == 1
                && hellos.count { $0.contains(#""secondary" : true"#) } == 2
        }
        guard isComplete else { throw LocalMongoError("the replica set never was complete") }
    }

    /// The primary, or a secondary.
    func member(isPrimary: Bool) async throws -> PlainMongod {
        for member in members
        where try await member.run(#"{"hello": 1}"#).contains(#""isWritablePrimary" : true"#) == isPrimary {
            return member
        }
        throw LocalMongoError("the replica set has no such member")
    }
}
