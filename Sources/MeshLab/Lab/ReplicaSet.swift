import Foundation
import LocalMongo

/// Three mongods that know each other by their public names, as those of a hosted service do.
final class ReplicaSet: Sendable {
    static let name = "rs0"

    /// Names and servers, in the order of the manifests.
    private let members: [Member]

    private struct Member: Sendable {
        var host: String
        var mongod: Mongod
        var administrator: MongoAdministrator
    }

    /// Starts the set and waits for its primary and two secondaries.
    ///
    /// - Parameters:
    ///   - hosts: the names, which DNS must know.
    ///   - addresses: one for each.
    ///   - directory: what the names of the data directories begin with.
    static func start(
        _ template: DatabaseTemplate, hosts: [String], addresses: [String] = Topology.members,
        directory: String = "member"
    ) async throws -> ReplicaSet {
        let keyFile = "\(Isolation.directory)/\(directory).key"
        try (Secret.random() + Secret.random()).write(toFile: keyFile, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: keyFile)
        var members: [Member] = []
        for (index, host) in hosts.enumerated() {
            let mongod = try await template.mongod(
                "\(directory)-\(index + 1)", address: addresses[index],
                replicaSet: .init(name: name, keyFile: keyFile), isSeeded: index == 0)
            members.append(
                Member(
                    host: "\(host):\(template.port)", mongod: mongod,
                    administrator: try template.administrator(at: mongod.address)))
        }
        let set = ReplicaSet(members)
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for member in members { group.addTask { try await member.mongod.start() } }
                try await group.waitForAll()
            }
            try await set.initiate()
            return set
        } catch {
            await set.stop()
            throw error
        }
    }

    private init(_ members: [Member]) {
        self.members = members
    }

    /// Elections after a second instead of ten: the lab shows what the mesh and the service do meanwhile, not how patient
    /// a replica set is.
    private func initiate() async throws {
        let list = members.enumerated().map { #"{"_id": \#($0), "host": "\#($1.host)"}"# }
        let settings = #"{"electionTimeoutMillis": 1000, "heartbeatIntervalMillis": 500}"#
        try await members[0].administrator.runCommand(
            #"""
            {"replSetInitiate": {"_id": "\#(Self.name)", "members": [\#(list.joined(separator: ","))],
             "settings": \#(settings)}}
            """#, on: "admin")
        try await waitUntilWhole()
    }

    private func waitUntilWhole() async throws {
        try await wait(
            "the replica set to have a primary and two secondaries", within: .seconds(40), every: .milliseconds(100)
        ) {
            let states = try await self.states()
            return states.filter { $0 == "PRIMARY" }.count == 1
                && states.filter { $0 == "SECONDARY" }.count == members.count - 1
        }
    }

    /// What the first member that runs says of each member.
    private func states() async throws -> [String] {
        struct Status: Decodable {
            struct Member: Decodable { var stateStr: String }
            var members: [Member]
        }
        for member in members where member.mongod.isRunning {
            let reply = try? await member.administrator.runCommand(#"{"replSetGetStatus": 1}"#, on: "admin")
            guard let reply else { continue }
            return try JSONDecoder().decode(Status.self, from: Data(reply.utf8)).members.map(\.stateStr)
        }
        return []
    }

    private func primary() async throws -> Member? {
        zip(members, try await states()).first { $0.0.mongod.isRunning && $0.1 == "PRIMARY" }?.0
    }

    /// Kills the primary, as a crash would, and waits for the next one.
    ///
    /// - Returns: the two host names.
    func replacePrimary() async throws -> (old: String, new: String) {
        guard let old = try await primary() else { throw LabError("the replica set has no primary") }
        await old.mongod.kill()
        var new: Member?
        try await wait("another primary", within: .seconds(10), every: .milliseconds(50)) {
            new = try await primary()
            return new != nil
        }
        return (old.host, new?.host ?? "")
    }

    /// Starts the members that do not run, and waits for a primary.
    func start() async throws {
        for member in members where !member.mongod.isRunning { try await member.mongod.start() }
        try await waitUntilWhole()
    }

    func stop() async {
        await withTaskGroup(of: Void.self) { group in
            for member in members { group.addTask { await member.mongod.kill() } }
        }
    }
}
