/// What many connections saw that sent one request after the other.
struct Load: Sendable {
    struct Request: Sendable {
        let sent: ContinuousClock.Instant
        let time: Duration
        let status: Int
        let body: String
    }

    /// In the order of their answers.
    var requests: [Request] = []
    /// Connections that broke before they had all their answers.
    private(set) var broken: [String] = []

    func count(status: Int, body: String) -> Int {
        requests.count { $0.status == status && $0.body == body }
    }

    var median: Duration { requests.map(\.time).sorted()[requests.count / 2] }
    var slowest: Duration { requests.map(\.time).max() ?? .zero }

    /// Opens `connections`, and sends requests on each until `limit` of them are answered or `isOver` says so.
    ///
    /// - Parameter pause: between an answer and the next request.
    static func run(
        on service: Service, connections: Int, requestsEach limit: Int = .max, pause: Duration = .zero,
        until isOver: @escaping @Sendable () -> Bool = { false }
    ) async -> Load {
        await withTaskGroup(of: Load.self) { group in
            for _ in 0..<connections {
                group.addTask {
                    var load = Load()
                    do {
                        let connection = try await HTTPConnection.open(port: service.port)
                        defer { connection.close() }
                        while load.requests.count < limit, !isOver() {
                            let sent = ContinuousClock.now
                            let answer = try await connection.request("/ratings/0")
                            load.requests.append(
                                Request(
                                    sent: sent, time: ContinuousClock.now - sent, status: answer.status,
                                    body: answer.body))
                            if pause > .zero { try await Task.sleep(for: pause) }
                        }
                    } catch {
                        load.broken.append("\(error)")
                    }
                    return load
                }
            }
            var all = Load()
            for await load in group {
                all.requests += load.requests
                all.broken += load.broken
            }
            all.requests.sort { $0.sent + $0.time < $1.sent + $1.time }
            return all
        }
    }
}
