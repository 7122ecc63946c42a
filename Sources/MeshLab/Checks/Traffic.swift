import Foundation
import Threads

/// Callers that ask for ratings all the time, each one request after the other on a new connection.
final class Traffic: Sendable {
    /// A request and what came of it.
    struct Sample: Sendable {
        var start: ContinuousClock.Instant
        var duration: Duration
        var result: Result<HTTPConnection.Response, HTTPConnection.Failure>
        /// nil where the connection failed.
        var response: HTTPConnection.Response? { try? result.get() }

        var end: ContinuousClock.Instant { start + duration }
    }

    /// What the service may say while its database is out of reach.
    static let failures = [
        #"{"error":"could not connect to ratings database"}"#, #"{"error":"could not load ratings from database"}"#,
    ]

    private let samples = Locked<[Sample]>([])
    private let isStopped = Locked(false)

    /// Starts the callers, on threads of their own.
    init(callers: Int = 4, pause: TimeInterval = 0.01) {
        for _ in 0..<callers {
            Thread { [self] in
                while !isStopped.withLock({ $0 }) {
                    ask()
                    Thread.sleep(forTimeInterval: pause)
                }
            }.start()
        }
    }

    private func ask() {
        let start = ContinuousClock.now
        let result = Result { () throws(HTTPConnection.Failure) in
            try HTTPConnection(to: Reviews.address).request("GET", "/ratings/0")
        }
        let sample = Sample(start: start, duration: ContinuousClock.now - start, result: result)
        samples.withLock { $0.append(sample) }
    }

    /// Everything that has been answered, by the time of the answer.
    var all: [Sample] { samples.withLock { $0 }.sorted { $0.end < $1.end } }

    /// Ends the callers.
    func stop() { isStopped.withLock { $0 = true } }

    /// Waits for the first answer with this body to a request that began after `moment`.
    ///
    /// - Returns: the time from `moment` to that answer.
    func firstAnswer(_ body: String, after moment: ContinuousClock.Instant, within limit: Duration) async throws
        -> Duration
    {
        var found: Sample?
        do {
            try await wait("\(body) under traffic", within: limit, every: .milliseconds(5)) {
                found = all.first { $0.start >= moment && $0.response?.body == body }
                return found != nil
            }
        } catch let error as LabError {
            let seen = Set(all.filter { $0.start >= moment }.map { $0.response?.body ?? "no answer" })
            throw LabError("\(error); saw \(seen.isEmpty ? "nothing" : seen.sorted().joined(separator: ", "))")
        }
        return (found?.end ?? moment) - moment
    }

    /// The longest time without a right answer after `moment`.
    func longestGap(_ body: String, after moment: ContinuousClock.Instant) -> Duration {
        let right = [moment] + all.filter { $0.response?.body == body && $0.end > moment }.map(\.end)
        return zip(right, right.dropFirst()).map { $1 - $0 }.max() ?? .zero
    }

    /// Refuses what no caller should ever get: a connection that fails, an answer that is neither right nor one of the
    /// service's two errors, a request of more than two seconds.
    ///
    /// - Returns: counts, for a person.
    func judge(right body: String) throws -> String {
        let samples = all
        for sample in samples {
            switch sample.result {
            case .failure(let failure):
                throw LabError("a request got no answer: \(failure) after \(sample.duration.milliseconds)")
            case .success(let response):
                let isRight = response.status == 200 && response.body == body
                guard isRight || (response.status == 500 && Self.failures.contains(response.body)) else {
                    throw LabError("a wrong answer: \(response.status) \(response.body)")
                }
            }
        }
        let slowest = samples.map(\.duration).max() ?? .zero
        guard slowest <= .seconds(2) else { throw LabError("a request took \(slowest.milliseconds)") }
        let failed = samples.filter { $0.response?.status != 200 }.count
        return "\(samples.count) requests, \(failed) failed, slowest \(slowest.milliseconds)"
    }
}
