import MongoClient
import Network
import Threads

/// What the sidecar did with one connection: its counters before the connection, and after it has ended.
struct SidecarSight {
    static let passthrough = "PassthroughCluster"

    /// `nil` where there is none.
    let sidecar: Sidecar?
    let before: SidecarCounters?
    let host: Host
    let address: SocketAddress
    let usesTLS: Bool

    enum Verdict {
        /// The sidecar did its part.
        case passedOn(String, Duration)
        case failed(Fault, Duration)
    }

    /// - Parameters:
    ///   - ending: how the connection ended, before the server said a word.
    ///   - time: after which time.
    /// - Returns: `nil` where there is no sidecar.
    func verdict(_ ending: Ending, after time: Duration) -> Verdict? {
        guard let sidecar, let before else { return nil }
        let start = MonotonicTime.now
        guard let after = sidecar.counters() else { return nil }
        func failed(_ fault: Fault) -> Verdict { .failed(fault, .now - start) }
        let rises = after.rises(since: before)
        guard let (endpoint, count) = mine(rises) else {
            return notPassedOn(sidecar, after, ending, time).map(failed)
        }
        let stop = Stop(endpoint, host)
        if count.failed > 0 {
            if stop.isGateway { return failed(.gatewayUnreachable(host, stop)) }
            let originates = sidecar.cluster(endpoint.cluster)?.originatesTLS == true
            return failed(
                originates ? .tlsOriginationFailed(host, stop) : .databaseUnreachableBehindSidecar(host, stop))
        }
        if usesTLS, !stop.isGateway, sidecar.cluster(endpoint.cluster)?.originatesTLS == true {
            return failed(.tlsTwice(stop, ending, time))
        }
        if ending == .silent {
            if stop.isGateway { return failed(.gatewaySilent(host, stop, time)) }
            return failed(.databaseSilentBehindSidecar(host, stop, time))
        }
        if stop.isGateway { return failed(.closedBehindGateway(host, stop, time)) }
        return .passedOn(stop.text, .now - start)
    }

    /// Where the server has said something: what the sidecar did, and how long it took to ask.
    var passedOn: (String, Duration)? {
        guard let sidecar, let before else { return nil }
        let start = MonotonicTime.now
        guard let after = sidecar.counters(), let (endpoint, _) = mine(after.rises(since: before)) else { return nil }
        return (Stop(endpoint, host).text, .now - start)
    }

    /// The endpoint that got this connection. The service's own heartbeats go the same way; other hosts of the same walk may
    /// not.
    private func mine(
        _ rises: [SidecarCounters.Endpoint: SidecarCounters.Count]
    ) -> (SidecarCounters.Endpoint, SidecarCounters.Count)? {
        let sorted = rises.sorted { $0.key.cluster < $1.key.cluster }
        if sorted.count > 1, let expected = expectedCluster,
            let own = sorted.first(where: { $0.key.cluster == expected })
        {
            return (own.key, own.value)
        }
        return sorted.first.map { ($0.key, $0.value) }
    }

    private var expectedCluster: String? {
        sidecar?.listeners(port: host.port)?.cluster(to: address.host, serverName: usesTLS ? host.name : nil)
    }

    /// Why no endpoint has got the connection; `nil` where it went past the sidecar, and that explains nothing.
    private func notPassedOn(
        _ sidecar: Sidecar, _ counters: SidecarCounters, _ ending: Ending, _ time: Duration
    ) -> Fault? {
        guard let listeners = sidecar.listeners(port: host.port), listeners.hasListener(for: address.host) else {
            return .blocked(host, address, ending, time)
        }
        guard let cluster = listeners.cluster(to: address.host, serverName: usesTLS ? host.name : nil) else {
            if usesTLS { return .serverNameNotAllowed(host, time) }
            let direct = sidecar.cluster("outbound|\(host.port)||\(host.name)")
            return .plainWhereTLSIsExpected(host, time, isOriginated: direct?.originatesTLS == true)
        }
        if cluster == "BlackHoleCluster" { return .blocked(host, address, ending, time) }
        let known = sidecar.cluster(cluster)
        if counters.usableClusters.contains(cluster) || known?.isOriginalDestination == true {
            // Whatever reaches the sidecar is counted there.
            return !usesTLS && known?.originatesTLS == true ? .pastTLSOrigination(host, address) : nil
        }
        let stop = Stop(cluster: cluster, address: nil, host)
        let isKnown = counters.clusters.contains(cluster)
        if stop.isGateway { return isKnown ? .gatewayWithoutEndpoint(host, stop) : .gatewayPortMissing(host, stop) }
        // A cluster is no cluster yet while the first answer of DNS is awaited.
        if !isKnown || known?.isLookedUp == true { return .nameNotResolvedBySidecar(host, stop, known?.names ?? []) }
        return .databaseWithoutEndpoint(host, stop)
    }

    /// Where the sidecar sends a connection to.
    struct Stop {
        /// Envoy's name of it.
        let cluster: String
        /// `nil` where there is none.
        let address: String?
        /// The host in the cluster's name, such as `istio-egressgateway.istio-system.svc.cluster.local`.
        let service: String
        /// Whether it is a gateway on the way and not the database.
        let isGateway: Bool

        init(_ endpoint: SidecarCounters.Endpoint, _ host: Host) {
            self.init(cluster: endpoint.cluster, address: endpoint.address, host)
        }

        init(cluster: String, address: String?, _ host: Host) {
            self.cluster = cluster
            self.address = address
            let parts = cluster.split(omittingEmptySubsequences: false) { $0 == "|" }
            service = parts.last.map(String.init) ?? cluster
            // Services of the cluster are no database that this article's configurations put outside of it.
            isGateway = service != host.name && service.hasSuffix(".svc.cluster.local")
        }

        /// For a person.
        var text: String {
            let place = address ?? cluster
            if cluster == SidecarSight.passthrough {
                return "let it through to \(place) without a ServiceEntry (outboundTrafficPolicy ALLOW_ANY)"
            }
            return isGateway ? "passed it to the gateway \(service) at \(place)" : "connected it to \(place)"
        }
    }
}

extension SocketAddress {
    /// Without the port, and without brackets.
    var host: String {
        guard let colon = description.lastIndex(of: ":") else { return description }
        let name = description[..<colon]
        return String(name.first == "[" ? name.dropFirst().dropLast() : name)
    }
}
