import LocalMongo
import Testing

/// Requests that go on in the background while something happens to the database.
struct Traffic {
    /// Runs `body` while `connections` send a request every `pause` or so each; checks what must hold in any weather.
    static func run(
        on service: Service, connections: Int, pause: Duration,
        _ body: () async throws -> Void
    ) async throws -> Load {
        let over = Switch()
        async let load = Load.run(on: service, connections: connections, pause: pause) { over.isOn }
        do {
            try await body()
        } catch {
            over.turnOn()
            _ = await load
            throw error
        }
        over.turnOn()
        let result = await load
        #expect(result.broken.isEmpty)
        #expect(result.slowest <= requestLimit)
        let known = result.count(status: 200, body: Body.ratings()) + result.faults
        #expect(known == result.requests.count, "other answers than the three that there are")
        return result
    }
}

extension Load {
    /// Answers that say that there are no ratings now.
    var faults: Int { count(status: 500, body: Body.cannotConnect) + count(status: 500, body: Body.cannotLoad) }

    /// From `moment` to the first good answer of a request, whenever it was sent.
    func firstGoodAnswer(after moment: ContinuousClock.Instant) -> Duration? {
        requests.lazy.filter { $0.status == 200 }.map { $0.sent + $0.time - moment }.first { $0 > .zero }
    }

    /// The part of it that was sent between two moments.
    func sent(from start: ContinuousClock.Instant, to end: ContinuousClock.Instant) -> Load {
        var part = Load()
        part.requests = requests.filter { (start...end).contains($0.sent) }
        return part
    }
}
