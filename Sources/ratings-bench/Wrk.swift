import LocalMongo
import Processes

/// Debian's `wrk`, which keeps every connection busy with one request after the other.
struct Wrk {
    var script: String
    var connections: Int
    var seconds: Int
    /// At most; never more than there are connections.
    var threads: Int

    var warmingUp: Wrk { Wrk(script: script, connections: connections, seconds: 1, threads: threads) }

    /// Loads `address`.
    ///
    /// - Throws: ``LocalMongoError`` where one request failed or was answered with another status than 2xx or 3xx.
    func run(_ address: String) async throws -> Load {
        let arguments = [
            "--threads", String(min(connections, threads)), "--connections", String(connections),
            "--duration", "\(seconds)s", "--timeout", "5s", "--script", script, address,
        ]
        let result = try await CompletedProcess.run("wrk", arguments)
        guard result.status.isSuccess,
            let line = result.standardOutput.split(separator: "\n").first(where: { $0.hasPrefix("bench ") })
        else { throw LocalMongoError("wrk failed: \(result.standardOutput)\(result.standardError)") }
        var values: [Substring: Int] = [:]
        for pair in line.split(separator: " ").dropFirst() {
            let parts = pair.split(separator: "=")
            values[parts[0]] = parts.count == 2 ? Int(parts[1]) : nil
        }
        guard let requests = values["requests"], let microseconds = values["microseconds"], microseconds > 0,
            requests > 0, let median = values["p50"], let high = values["p99"]
        else { throw LocalMongoError("cannot read wrk's result: \(line)") }
        for kind in ["connect", "read", "write", "status", "timeout"] where values[Substring(kind)] != 0 {
            throw LocalMongoError("not every request to \(address) was answered with 200: \(line)")
        }
        return Load(
            perSecond: Double(requests) * 1e6 / Double(microseconds),
            median: .microseconds(median), percentile99: .microseconds(high))
    }
}
