import Foundation

/// A lab that stays up for a person who looks into it and breaks it.
struct Keeping {
    var lab: Lab

    /// A file that a person touches: everything is brought back then.
    static let mendFile = "\(Isolation.directory)/mend"

    /// Does not return.
    ///
    /// - Parameter failures: what is wrong with it already.
    func run(_ failures: [String]) async throws {
        try await lab.startRatings()
        for failure in failures { Console.say("\n✗ \(failure)") }
        Console.say(Instructions(lab: lab).text)
        while true {
            try await Task.sleep(for: .milliseconds(200))
            guard FileManager.default.fileExists(atPath: Self.mendFile) else { continue }
            // First: what is touched meanwhile asks for another round.
            try? FileManager.default.removeItem(atPath: Self.mendFile)
            do {
                try await lab.mend()
                Console.say("mended: GET /ratings/0 → \(try await Reviews.get().status)")
            } catch {
                Console.say("✗ \(error)")
            }
        }
    }
}

extension Lab {
    /// Brings back what was stopped or changed from outside.
    func mend() async throws {
        try site.publish(database: database.get()?.address)
        try await Router.allow(flows)
        if let database = database.get() {
            await database.kill()
            try await database.start()
        }
        try await replicaSet.get()?.start()
        try await replaceSNIProxy { $0 }
        if let gateway {
            await gateway.stop()
            try await gateway.push(gatewaySnapshot())
            try await gateway.start()
        }
        await ratings.stop()
        await sidecar.stop()
        try await sidecar.push(sidecarSnapshot())
        try await sidecar.start()
        try await startRatings()
        try await wait("the right answer", within: .seconds(5), every: .milliseconds(50)) {
            try await Reviews.get().body == configuration.body
        }
    }
}
