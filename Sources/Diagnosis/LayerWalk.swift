import Glibc
import MongoClient
import Network
import Threads

/// Walks the layers between this process and its database, for every host of the connection string at once, and says which
/// one fails, and why.
///
/// A walk looks for itself: at times, at ends of connections, at the certificates that came, at the sidecar's counters. It
/// makes one connection to each host, and one more where a server hangs up on a language that it may not speak.
public final class LayerWalk: Sendable {
    private let connectionString: ConnectionString
    private let query: FindQuery
    private let bound: Duration
    private let lookUps = AddressLookUps()
    /// Reading the authorities takes longer than all else of a walk.
    private let context = Locked<KeptContext?>(nil)

    private struct KeptContext: Sendable {
        let context: TLSContext
        let files: [FileVersion]
    }

    /// - Parameters:
    ///   - query: what the service asks for.
    ///   - bound: how long a walk may take.
    public init(_ connectionString: ConnectionString, query: FindQuery, bound: Duration) {
        self.connectionString = connectionString
        self.query = query
        self.bound = bound
    }

    /// Walks once. Blocks, for no longer than the bound; what still hangs then is left behind.
    public func run() -> Diagnosis {
        let start = MonotonicTime.now
        let deadline = start + bound
        var report = WalkReport(connectionString)
        let tls: TLSContext?
        do {
            tls = try connectionString.usesTLS ? tlsContext() : nil
        } catch {
            return report.failed(
                .connectionString,
                Fault(
                    .connectionStringUnusable, "MONGO_DB_URL: \(error)", advice: "mend the file, or name another one"),
                time: .now - start)
        }
        let sidecar = Sidecar.find(lookUps)
        report.hasSidecar = sidecar != nil
        let service: ServiceHosts
        do throws(Fault) {
            service = try ServiceHosts(connectionString, until: deadline)
        } catch {
            return report.failed(.dns, error, time: .now - start)
        }
        let route = HostWalk.Route(
            connectionString: connectionString, query: query, lookUps: lookUps, tls: tls,
            authSource: connectionString.namesAuthSource ? nil : service.authSource,
            replicaSet: connectionString.replicaSet ?? service.replicaSet,
            isSet: isSet(service), deadline: deadline)
        var walked = walk(service.hosts, route, sidecar)
        if route.isSet, !walked.contains(where: \.hasRead) {
            // The driver goes where the set says that its members are.
            let known = Set(service.hosts)
            let named = Set(walked.flatMap { $0.hello?.members ?? [] }.compactMap { Host($0) }).subtracting(known)
            if !named.isEmpty, MonotonicTime.now < deadline {
                walked += walk(named.sorted { $0.description < $1.description }, route, sidecar)
            }
        }
        return report.of(walked, route)
    }

    /// Whether the driver looks for members of a set: it takes a single host for a server by itself, unless it is told.
    private func isSet(_ service: ServiceHosts) -> Bool {
        if connectionString.isDirect == true || connectionString.isLoadBalanced { return false }
        return connectionString.replicaSet != nil || service.replicaSet != nil || service.hosts.count > 1
    }

    private func walk(
        _ hosts: [Host], _ route: HostWalk.Route, _ sidecar: Sidecar?
    ) -> [HostProgress] {
        let progress = Locked(hosts.map { HostProgress(host: $0) })
        for (index, host) in hosts.enumerated() {
            let walk = HostWalk(host: host, route: route, sidecar: sidecar) { event in
                progress.withLock { $0[index].note(event) }
                if case .ended = event { progress.notify() }
            }
            Thread.detach { walk.run() }
        }
        _ = progress.wait(until: route.deadline) { $0.allSatisfy(\.hasEnded) ? true : nil }
        return progress.withLock { hosts in
            for index in hosts.indices { hosts[index].abandon(at: .now) }
            return hosts
        }
    }

    /// Made anew only where one of its files has changed: a CA may be rotated.
    private func tlsContext() throws(TLSFileError) -> TLSContext {
        let settings = connectionString.tls
        let files = [settings.caFile, settings.certificateKeyFile].compactMap(\.self).map { FileVersion($0) }
        if let kept = context.withLock({ $0 }), kept.files == files { return kept.context }
        let made = try TLSContext(settings)
        context.withLock { $0 = KeptContext(context: made, files: files) }
        return made
    }
}

/// Which content of a file: another one has another inode or time.
private struct FileVersion: Equatable {
    private let numbers: [Int64]

    init(_ path: String) {
        var status = stat()
        numbers =
            stat(path, &status) == 0
            ? [
                Int64(status.st_ino), Int64(status.st_mtim.tv_sec), Int64(status.st_mtim.tv_nsec),
                Int64(status.st_size),
            ] : []
    }
}
