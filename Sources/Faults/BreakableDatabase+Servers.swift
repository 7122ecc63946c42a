import LocalMongo

extension BreakableDatabase {
    /// Ends all servers, and starts them again. Their ports refuse connections meanwhile.
    func restart() async throws {
        for relay in relays {
            relay.refuse()
            relay.cut()
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for member in database.members {
                group.addTask { [database] in
                    try await member.stop(.terminate)
                    try await database.restart(member)
                }
            }
            try await group.waitForAll()
        }
        for relay in relays { try relay.listen() }
        if relays.count > 1 {
            try await database.waitForPrimary()
            try await database.administrator.reconnect()
        }
    }

    /// Kills the primary, as a crash would, and waits for another.
    func failOver() async throws {
        let old = try await database.waitForPrimary()
        relays[old].refuse()
        relays[old].cut()
        try await database.members[old].stop(.kill)
        try await database.waitForPrimary(otherThan: old)
        try await database.administrator.reconnect()
    }

    /// Starts the members that have been killed.
    func revive() async throws {
        for (relay, member) in zip(relays, database.members) where !member.process.isRunning {
            try await database.restart(member)
            try relay.listen()
        }
        try await database.waitForMembers()
    }
}
