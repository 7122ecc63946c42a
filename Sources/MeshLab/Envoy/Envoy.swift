import Foundation
import LocalMongo
import Processes

/// A proxy of the mesh: Envoy, with its configuration pushed through files instead of istiod's stream.
final class Envoy: Sendable {
    let name: String
    let directory: String
    private let binary: String
    private let namespace: NetworkNamespace
    private let workload: Workload
    private let process = Current<ChildProcess>()
    private let version = Current<Int>()
    /// How long connections live on whose configuration was taken away; none: not at all.
    let drainSeconds = Current<Int>()

    var adminSocket: String { "\(directory)/admin.sock" }
    var accessLogFile: String { "\(directory)/access.log" }
    var peerLogFile: String { "\(directory)/peers.log" }
    private var xds: String { "\(directory)/xds" }

    /// - Parameter directory: this proxy's own.
    init(_ name: String, for workload: Workload, in namespace: NetworkNamespace, binary: String, directory: String)
        throws
    {
        self.name = name
        self.workload = workload
        self.namespace = namespace
        self.binary = binary
        self.directory = directory
        try FileManager.default.createDirectory(atPath: xds, withIntermediateDirectories: true)
        for path in [directory, accessLogFile, peerLogFile] {
            if path != directory { _ = FileManager.default.createFile(atPath: path, contents: nil) }
            // Envoy opens /dev/stdout once more by its path, so the file must be its own.
            let user = NetworkNamespace.User.proxy.rawValue
            try FileManager.default.setAttributes(
                [.ownerAccountID: user, .groupOwnerAccountID: user], ofItemAtPath: path)
        }
    }

    /// Starts Envoy with what was pushed last, and waits until it serves. One that runs is ended first: two would share the
    /// ports (SO_REUSEPORT), and the connections.
    func start() async throws {
        await stop()
        let bootstrap = EnvoyBootstrap(
            nodeID:
                "sidecar~\(workload.address)~\(workload.name).\(workload.namespace)~\(workload.namespace).svc.cluster.local",
            cluster: "\(workload.name).\(workload.namespace)", directory: xds, adminSocket: adminSocket,
            isSidecar: namespace == .pod)
        let file = "\(directory)/bootstrap.json"
        try bootstrap.json.text().write(toFile: file, atomically: true, encoding: .utf8)
        try? FileManager.default.removeItem(atPath: adminSocket)
        let started = try await namespace.start(
            as: .proxy, binary,
            [
                "-c", file, "--disable-hot-restart", "--concurrency", "1", "--file-flush-interval-msec", "50",
                "--log-path", "\(directory)/envoy.log", "--log-level", "warning", "--drain-time-s",
                "\(drainSeconds.get() ?? 0)",
                "--drain-strategy", "immediate",
            ], log: accessLogFile)
        process.set(started)
        try await wait("Envoy (\(name)) to serve") {
            guard started.isRunning else { throw LabError("Envoy (\(self.name)) ended:\n\(self.lastWords)") }
            guard let ready = try? await self.admin("/ready").status == 200, ready else { return false }
            return try await self.hasTaken(self.version.get() ?? 0)
        }
    }

    /// Ends Envoy, with all connections.
    func stop() async {
        await process.get()?.stop(grace: .zero)
    }

    /// Replaces the configuration; a running Envoy takes it over without a restart, as from istiod.
    ///
    /// - Throws: ``LabError`` with Envoy's own words where it refuses it.
    func push(_ snapshot: Snapshot) async throws {
        let next = (version.get() ?? 0) + 1
        version.set(next)
        // Clusters first: a listener may name a new one.
        try write("cds", "envoy.config.cluster.v3.Cluster", snapshot.clusters, next)
        try write("lds", "envoy.config.listener.v3.Listener", snapshot.listeners, next)
        guard process.get()?.isRunning == true else { return }
        try await wait("Envoy (\(name)) to take its new configuration") { try await self.hasTaken(next) }
    }

    /// Waits until no cluster is at its first look-up of names: the one that it replaces goes on until then.
    func waitUntilWarm() async throws {
        try await wait("Envoy (\(name)) to know its clusters", within: .seconds(10)) {
            try await self.count(#"^cluster_manager\.warming_clusters$"#) == 0
        }
    }

    private func write(_ file: String, _ type: String, _ resources: [JSON], _ version: Int) throws {
        let typed = resources.map { JSON.object(["@type": "type.googleapis.com/\(type)"]).merging($0) }
        let response: JSON = ["version_info": "\(version)", "resources": .array(typed)]
        // Envoy watches the directory for a file that is moved in whole.
        let path = "\(xds)/\(file).json"
        try response.text().write(toFile: path + ".new", atomically: false, encoding: .utf8)
        guard rename(path + ".new", path) == 0 else { throw LabError("cannot rename \(path).new") }
    }

    private func hasTaken(_ version: Int) async throws -> Bool {
        let counters = try await counters("update_rejected|version_text")
        if counters.contains(where: { $0.key.hasSuffix("update_rejected") && $0.value != "0" }) {
            throw LabError("Envoy (\(name)) refused its configuration:\n\(lastWords)")
        }
        return ["cluster_manager.cds", "listener_manager.lds"].allSatisfy {
            counters["\($0).version_text"] == "\"\(version)\""
        }
    }

    private var lastWords: String {
        let text = (try? String(contentsOfFile: "\(directory)/envoy.log", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").suffix(5).joined(separator: "\n")
    }

    // MARK: What it saw

    func admin(_ path: String, method: String = "GET") async throws -> HTTPConnection.Response {
        let socket = adminSocket
        return try await Blocking.run { try HTTPConnection(to: .unix(socket)).request(method, path) }
    }

    /// Counters and gauges whose names match a regular expression.
    func counters(_ filter: String) async throws -> [String: String] {
        let query = filter.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? filter
        var values: [String: String] = [:]
        for line in try await admin("/stats?filter=\(query)").body.split(separator: "\n") {
            guard let colon = line.range(of: ": ", options: .backwards) else { continue }
            values[String(line[..<colon.lowerBound])] = String(line[colon.upperBound...])
        }
        return values
    }

    /// The sum of the counters whose names match.
    func count(_ filter: String) async throws -> Int {
        try await counters(filter).values.compactMap { Int($0) }.reduce(0, +)
    }

    /// Waits until no connection is open and the lines of all have been written.
    ///
    /// Three seconds at most: the gauge stayed up where `virtualOutbound` had been replaced, with no connection left.
    func waitUntilIdle() async throws {
        _ = try? await wait("Envoy (\(name)) to have no connection", within: .seconds(3)) {
            // The administration is asked here, and lets no caller's connection go of itself.
            let open = try await self.counters(#"^listener\.[^a].*_[0-9]+\.downstream_cx_active$"#)
            return !open.contains { !$0.key.contains("_15000.") && $0.value != "0" }
        }
        // --file-flush-interval-msec
        try await Task.sleep(for: .milliseconds(150))
    }

    func accessLog() throws -> [AccessLogLine] {
        try String(contentsOfFile: accessLogFile, encoding: .utf8).split(separator: "\n")
            .compactMap { AccessLogLine(String($0)) }
    }

    func peers() throws -> [PeerLog] {
        try String(contentsOfFile: peerLogFile, encoding: .utf8).split(separator: "\n")
            .map { try JSONDecoder().decode(PeerLog.self, from: Data($0.utf8)) }
    }
}
