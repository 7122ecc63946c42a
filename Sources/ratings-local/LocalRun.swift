import Foundation
import LocalMongo
import Processes

/// One run: a database, unless there is one, and the service in front of it.
struct LocalRun: Sendable {
    var ratings: String
    var port: Int

    /// Serves until the service ends, or this task is cancelled, and ends all that it started.
    ///
    /// - Returns: the service's exit status.
    func serve() async throws -> Int32 {
        guard !FreePort.isAnswering(port) else {
            throw LocalMongoError(
                "port \(port) is taken: something answers there already; choose another, as in PORT=9081")
        }
        if let url = ProcessInfo.processInfo.environment["MONGO_DB_URL"], !url.isEmpty {
            Terminal.say("MONGO_DB_URL is set: starting no mongod")
            return try await serve(url: url, database: "as MONGO_DB_URL says")
        }
        Terminal.say("starting mongod with a throw-away CA, TLS only, authentication on ...")
        let database = try await BookinfoDatabase.start()
        let result: Result<Int32, any Error>
        do {
            Terminal.say("filled: user bookinfo (role read on test), collection ratings = {rating: 1}, {rating: 1}")
            result = .success(
                try await serve(url: database.url, database: Self.description(of: database)))
        } catch {
            result = .failure(error)
        }
        try await database.stop()
        return try result.get()
    }

    private func serve(url: String, database: String) async throws -> Int32 {
        Terminal.say("starting ratings on port \(port) ...")
        let service = try await ChildProcess.start(
            ratings, [String(port)], environment: ["MONGO_DB_URL": url], output: .inherited)
        do {
            if let answer = try await firstAnswer(of: service) {
                show(service: service, database: database, answer: answer)
            }
            while service.isRunning { try await Task.sleep(for: .milliseconds(50)) }
        } catch {
            await service.stop(grace: .seconds(5))
            throw error
        }
        return await service.waitForExit().shellStatus
    }

    /// What the service answers once it listens; nil where it ended before that.
    private func firstAnswer(of service: ChildProcess) async throws -> String? {
        let end = ContinuousClock.now + .seconds(30)
        while !FreePort.isAnswering(port) {
            guard service.isRunning else { return nil }
            guard ContinuousClock.now < end else { throw LocalMongoError("no answer on port \(port) within 30 s") }
            try await Task.sleep(for: .milliseconds(20))
        }
        let curl = try await CompletedProcess.run("curl", ["--silent", "--show-error", "--max-time", "5", address])
        try Task.checkCancellation()
        return curl.status.isSuccess ? curl.standardOutput : curl.standardError
    }

    private var address: String { "http://localhost:\(port)/ratings/0" }

    private func show(service: ChildProcess, database: String, answer: String) {
        Terminal.show(
            """

              ratings    http://localhost:\(port)   (process \(service.pid))
              database   \(database)
              answer     \(answer.trimmingCharacters(in: .whitespacesAndNewlines))

              Try it:    curl -i \(address)
              End it:    Ctrl-C

            """)
    }

    private static func description(of database: BookinfoDatabase) -> String {
        """
        mongod on localhost:\(database.port)   (process \(database.mongod.process.pid), TLS and password required)
                     files in \(database.directory.path), removed at the end
        """
    }
}
