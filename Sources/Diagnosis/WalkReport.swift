import MongoClient
import Threads

/// Puts together what the walks of all hosts saw: a layer failed only where the driver could not read either.
struct WalkReport {
    private let connectionString: ConnectionString
    var hasSidecar = false

    init(_ connectionString: ConnectionString) {
        self.connectionString = connectionString
    }

    private var layers: [Layer] {
        Layer.allCases.filter { layer in
            switch layer {
            case .sidecar: hasSidecar
            case .tls: connectionString.usesTLS
            default: true
            }
        }
    }

    private var database: String { connectionString.hosts.joined(separator: ",") }

    private var connectionStringDetail: String {
        let user = connectionString.user.map { ", user \($0) of \(connectionString.authSource)" } ?? ""
        return database + (connectionString.usesTLS ? ", TLS" : ", no TLS") + user
    }

    /// Where a layer failed before there were hosts to go to.
    func failed(_ layer: Layer, _ fault: Fault, time: Duration) -> Diagnosis {
        Diagnosis(
            database: database, failedAt: layer, of: layers, fault, time: time, detailBefore: connectionStringDetail)
    }

    func of(_ hosts: [HostProgress], _ route: HostWalk.Route) -> Diagnosis {
        let best = hosts.first(where: \.hasRead)
        let failure = best == nil ? failure(of: hosts, route) : nil
        let shown = best ?? failure?.host ?? hosts[0]
        return Diagnosis(
            database: database,
            layers: layers.map { layer in
                report(layer, of: shown, fault: failure.flatMap { $0.layer == layer ? $0.fault : nil }, in: hosts) {
                    failure.map { layer < $0.layer } ?? true
                }
            })
    }

    private struct Failure {
        let host: HostProgress
        let layer: Layer
        let fault: Fault
    }

    /// Of the host that got furthest; where some got as far as hello and none is primary, that.
    private func failure(of hosts: [HostProgress], _ route: HostWalk.Route) -> Failure? {
        let failures = hosts.compactMap { host in
            host.failure.map { Failure(host: host, layer: $0.layer, fault: $0.fault) }
        }
        let furthest = failures.enumerated().max { left, right in
            // Of equals the first.
            (left.element.layer, -left.offset) < (right.element.layer, -right.offset)
        }?.element
        let unsuited = hosts.filter { $0.failure == nil && $0.hello != nil }
        guard let first = unsuited.first, furthest.map({ $0.layer <= .hello }) ?? true else { return furthest }
        let names = unsuited.map(\.host)
        return Failure(
            host: first, layer: .hello, fault: .noPrimary(names, route.replicaSet ?? first.hello?.setName))
    }

    private func report(
        _ layer: Layer, of host: HostProgress, fault: Fault?, in hosts: [HostProgress], isPassed: () -> Bool
    ) -> Diagnosis.LayerReport {
        let outcome = host.outcomes[layer]
        var report = Diagnosis.LayerReport(
            layer: layer, status: .notTried, time: outcome?.time ?? .zero, detail: outcome?.detail ?? "not tried")
        if let fault {
            report.status = .failed
            report.detail = fault.explanation
            report.fault = fault
        } else if isPassed() {
            report.status = .passed
            if layer == .connectionString { report.detail = connectionStringDetail }
            if layer == .sidecar, outcome == nil { report.detail = "its counters name no way of this connection" }
        } else {
            report.detail = "not tried"
            report.time = .zero
        }
        if report.status != .notTried { report.attempts = attempts(at: layer, hosts) }
        return report
    }

    /// All hosts, or all addresses of one, where there are several.
    private func attempts(at layer: Layer, _ hosts: [HostProgress]) -> [Diagnosis.Attempt] {
        if layer == .tcp, hosts.count == 1 { return hosts[0].addresses }
        guard hosts.count > 1 else { return [] }
        return hosts.flatMap { host -> [Diagnosis.Attempt] in
            if layer == .tcp, !host.addresses.isEmpty { return host.addresses }
            guard let outcome = host.outcomes[layer] else { return [] }
            return [
                .init(
                    host: host.host.description, address: nil, status: outcome.fault == nil ? .passed : .failed,
                    time: outcome.time, detail: outcome.detail)
            ]
        }
    }
}
