import MongoClient
import Network
import Threads

extension Fault {
    private static func listeners(_ host: Host) -> String {
        "istioctl proxy-config listeners deploy/ratings-v2 --port \(host.port)"
    }

    private static func endpoints(_ stop: SidecarSight.Stop) -> String {
        "istioctl proxy-config endpoints deploy/ratings-v2 --cluster '\(stop.cluster)'"
    }

    private static let gatewayLog = "kubectl -n istio-system logs -l istio=egressgateway --tail=20"

    static func sidecarNotReady(_ host: Host) -> Fault {
        Fault(
            .sidecarNotReady,
            "the pod's sidecar refuses the connection to \(host): it has not taken its configuration yet",
            advice: "wait until the pod is ready, and look at the sidecar's log if it stays so",
            command: "kubectl logs deploy/ratings-v2 -c istio-proxy --tail=20")
    }

    static func blocked(_ host: Host, _ address: SocketAddress, _ ending: Ending, _ time: Duration) -> Fault {
        Fault(
            .blocked,
            "the sidecar took the connection to \(address) and let it go nowhere: it \(ending.verb) it after "
                + "\(time.inMilliseconds) ms, since no ServiceEntry lets \(host) out of this namespace",
            advice:
                "apply one of bookinfo/egress for this host and port, or check hosts, addresses, ports and exportTo of "
                + "the ServiceEntry",
            command: "kubectl get serviceentry -A")
    }

    static func serverNameNotAllowed(_ host: Host, _ time: Duration) -> Fault {
        Fault(
            .serverNameNotAllowed,
            "the sidecar closed the connection after \(time.inMilliseconds) ms: port \(host.port) is let out for other "
                + "names, and \(host.name), which the service sends as SNI, is none of them",
            advice: "use the ServiceEntry's host in MONGO_DB_URL, or add \(host.name) to the ServiceEntry",
            command: listeners(host))
    }

    /// - Parameter isOriginated: whether a DestinationRule has the sidecar speak TLS to this host.
    static func plainWhereTLSIsExpected(_ host: Host, _ time: Duration, isOriginated: Bool) -> Fault {
        Fault(
            .plainWhereTLSIsExpected,
            "the sidecar closed the connection after \(time.inMilliseconds) ms: it tells connections to port "
                + "\(host.port) apart by SNI, and the service speaks no TLS"
                + (isOriginated
                    ? "; the DestinationRule that has the sidecar speak it for the service comes too late for that"
                    : ""),
            advice: isOriginated
                ? "let the ServiceEntry's protocol be TCP, and not TLS, as bookinfo/egress/tls-origination has it"
                : "add ssl=true to MONGO_DB_URL, or, where the sidecar is to speak TLS for the service, apply "
                    + "tls-origination: a ServiceEntry with protocol TCP, and its DestinationRule",
            command: listeners(host))
    }

    static func pastTLSOrigination(_ host: Host, _ address: SocketAddress) -> Fault {
        Fault(
            .pastTLSOrigination,
            "the sidecar is to speak TLS for the service to \(host), and the connection to \(address) went past the "
                + "sidecar, without TLS",
            advice:
                "check the pod's annotations traffic.sidecar.istio.io/excludeOutboundPorts and excludeOutboundIPRanges, "
                + "that istio-init or Istio's CNI plugin has run, and that the service is not user 1337",
            command: "kubectl get pods -l app=ratings,version=v2 -o yaml")
    }

    /// - Parameter names: what the sidecar asks DNS for; none where the service's connections say it.
    static func nameNotResolvedBySidecar(_ host: Host, _ stop: SidecarSight.Stop, _ names: [String]) -> Fault {
        let list = (names.isEmpty ? [host.name] : names).joined(separator: ", ")
        return Fault(
            .nameNotResolvedBySidecar,
            "the sidecar lets \(host) out, but has no address for it: it looks up \(list) for itself, and has got none "
                + "from DNS",
            advice:
                "check hosts and endpoints of the ServiceEntry, and that DNS knows the name for the sidecar, too (in a pod "
                + "of IPv4 it asks for A records only); it asks again once a minute at the latest",
            command: endpoints(stop))
    }

    static func databaseWithoutEndpoint(_ host: Host, _ stop: SidecarSight.Stop) -> Fault {
        Fault(
            .databaseWithoutEndpoint,
            "the sidecar lets \(host) out, but has no endpoint for it: its ServiceEntry names none that is ready",
            advice: "name the database's address under endpoints of the ServiceEntry, or let its resolution be DNS",
            command: endpoints(stop))
    }

    static func gatewayWithoutEndpoint(_ host: Host, _ stop: SidecarSight.Stop) -> Fault {
        Fault(
            .gatewayWithoutEndpoint,
            "the sidecar has nowhere to pass the connection to: \(stop.service) has no ready pod",
            advice: "start the egress gateway, and check that its pods are ready and that subset and labels of the "
                + "DestinationRule fit them",
            command: "kubectl -n istio-system get pods,endpointslices -l istio=egressgateway")
    }

    static func gatewayPortMissing(_ host: Host, _ stop: SidecarSight.Stop) -> Fault {
        Fault(
            .gatewayPortMissing,
            "the sidecar has nowhere to pass the connection to: it knows no \(stop.cluster), so the Service "
                + "\(stop.service) lacks the port or the DestinationRule the subset",
            advice: "add the port to the gateway's Service, or the subset to the DestinationRule",
            command: "kubectl -n istio-system get service istio-egressgateway -o yaml")
    }

    static func gatewayUnreachable(_ host: Host, _ stop: SidecarSight.Stop) -> Fault {
        Fault(
            .gatewayUnreachable,
            "the sidecar passed the connection to the egress gateway \(stop.service) at \(stop.address ?? "?"), which "
                + "refused it or did not agree on mutual TLS",
            advice:
                "check that the gateway listens on this port (its Gateway resource), and that both sides agree on mutual "
                + "TLS",
            command: "istioctl -n istio-system proxy-config listeners deploy/istio-egressgateway")
    }

    static func gatewaySilent(_ host: Host, _ stop: SidecarSight.Stop, _ time: Duration) -> Fault {
        Fault(
            .gatewaySilent,
            "the sidecar passed the connection to the egress gateway \(stop.service) at \(stop.address ?? "?"), and nothing "
                + "came back for \(time.inMilliseconds) ms",
            advice: "look at the gateway's log: it cannot reach \(host), or is out of reach itself", command: gatewayLog
        )
    }

    static func closedBehindGateway(_ host: Host, _ stop: SidecarSight.Stop, _ time: Duration) -> Fault {
        Fault(
            .closedBehindGateway,
            "the sidecar passed the connection to the egress gateway \(stop.service) at \(stop.address ?? "?"), which closed "
                + "it after \(time.inMilliseconds) ms: an AuthorizationPolicy refuses this identity, no rule of the gateway "
                + "takes it, or the gateway cannot connect to \(host)",
            advice: "look at the gateway's log: rbac_access_denied is a policy, NR no rule, UF or UH the database",
            command: gatewayLog)
    }

    static func databaseUnreachableBehindSidecar(_ host: Host, _ stop: SidecarSight.Stop) -> Fault {
        Fault(
            .databaseUnreachableBehindSidecar,
            "the sidecar lets \(host) out, but cannot connect to it at \(stop.address ?? "?")",
            advice: "check that mongod runs and listens there, and firewalls between the cluster and the database",
            command: "kubectl logs deploy/ratings-v2 -c istio-proxy --tail=20")
    }

    static func databaseSilentBehindSidecar(_ host: Host, _ stop: SidecarSight.Stop, _ time: Duration) -> Fault {
        Fault(
            .databaseSilentBehindSidecar,
            "the sidecar lets \(host) out, and nothing came back from \(stop.address ?? "?") for \(time.inMilliseconds) ms",
            advice:
                "check the address (a static ServiceEntry may name an old one), firewalls, and whether mongod is frozen",
            command: "kubectl logs deploy/ratings-v2 -c istio-proxy --tail=20")
    }

    static func tlsOriginationFailed(_ host: Host, _ stop: SidecarSight.Stop) -> Fault {
        Fault(
            .tlsOriginationFailed,
            "the sidecar, which speaks TLS for the service, could not connect to \(stop.address ?? "?"), or did not accept "
                + "its certificate",
            advice:
                "look at the sidecar's log: its CA is missing or another one, the certificate is for another name than "
                + "\(host.name), or mongod is down",
            command: "kubectl logs deploy/ratings-v2 -c istio-proxy --tail=20")
    }

    /// A mongod takes the service's ClientHello for a message: it waits for the rest of one, and closes where it would be over
    /// 48 MB, as that of OpenSSL 3.5 is, by its first four bytes.
    static func tlsTwice(_ stop: SidecarSight.Stop, _ ending: Ending, _ time: Duration) -> Fault {
        let end = ending == .silent ? "nothing came back for" : "the connection was \(ending.verb) after"
        return Fault(
            .tlsTwice,
            "the sidecar speaks TLS to \(stop.address ?? "?") for the service, and the service speaks TLS itself: "
                + "\(end) \(time.inMilliseconds) ms",
            advice: "take ssl=true out of MONGO_DB_URL, or delete the DestinationRule that originates TLS",
            command: "kubectl get destinationrule -A")
    }
}
