import Foundation

extension BookinfoDatabase {
    /// Runs a command on one server as a user with role `root`.
    @discardableResult
    public func runCommand(_ command: String, on database: String, at member: MongodProcess) async throws -> String {
        guard members.count > 1 else { return try await administrator.runCommand(command, on: database) }
        return try await direct(to: member).runCommand(command, on: database)
    }

    private func direct(to member: MongodProcess) throws -> MongoAdministrator {
        try directs.withLock { directs in
            if let known = directs[member.server.port] { return known }
            let hosts = members.map { "127.0.0.1:\($0.server.port)" }.joined(separator: ",")
            let url = administratorURL.replacing(hosts, with: "127.0.0.1:\(member.server.port)")
                .replacing("replicaSet=\(ReplicaSet.name)", with: "directConnection=true")
            let fresh = try MongoAdministrator(url: url + "&serverSelectionTimeoutMS=500")
            directs[member.server.port] = fresh
            return fresh
        }
    }

    /// Starts a member again that has been stopped or killed.
    public func restart(_ member: MongodProcess) async throws {
        try await member.restart()
        guard members.count > 1 else { return try await administrator.reconnect() }
        try await direct(to: member).reconnect()
    }

    /// Waits until a member is primary.
    ///
    /// - Parameter old: one that does not count.
    /// - Returns: its place in ``members``.
    @discardableResult
    public func waitForPrimary(otherThan old: Int? = nil) async throws -> Int {
        try await wait("a primary") { states in
            states.indices.first { $0 != old && members[$0].process.isRunning && states[$0] == "PRIMARY" }
        }
    }

    /// Waits until there are a primary and secondaries, and no other member.
    public func waitForMembers() async throws {
        try await wait("a primary and two secondaries") { states in
            states.filter { $0 == "PRIMARY" }.count == 1
                && states.filter { $0 == "SECONDARY" }.count == states.count - 1 ? () : nil
        }
    }

    private func wait<Value>(_ what: String, until body: ([String]) -> Value?) async throws -> Value {
        let end = ContinuousClock.now + .seconds(60)
        while true {
            for member in members where member.process.isRunning {
                if let states = try? await states(said: member), let value = body(states) { return value }
            }
            guard ContinuousClock.now < end else { throw LocalMongoError("waited 60 s for \(what) of the replica set") }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// What a member says of each, in the order of ``members``.
    private func states(said member: MongodProcess) async throws -> [String] {
        struct Status: Decodable {
            struct Member: Decodable { var stateStr: String }
            var members: [Member]
        }
        let reply = try await runCommand(#"{"replSetGetStatus": 1}"#, on: "admin", at: member)
        return try JSONDecoder().decode(Status.self, from: Data(reply.utf8)).members.map(\.stateStr)
    }
}
