import Glibc
import MongoClient
import Network
import Threads

extension Fault {
    static func pathTooLong(_ host: Host) -> Fault {
        Fault(
            .unixSocketMissing, "the path \(host) is longer than a Unix socket's may be", advice: "use a shorter path")
    }

    /// Of several addresses, the one that says most: a refusal before silence.
    static func connect(_ host: Host, _ attempts: [TCPSocket.Attempt]) -> Fault {
        let list = attempts.map { "\($0.address): \($0.detail)" }.joined(separator: "; ")
        let command = host.isUnixSocket ? "ls -l \(host.name)" : "nc -vz -w 2 \(host.name) \(host.port)"
        let errors = attempts.compactMap { attempt -> Int32? in
            if case .failed(let number) = attempt.outcome { number } else { nil }
        }
        if host.isUnixSocket {
            return Fault(
                .unixSocketMissing, "no server at the Unix socket \(list)",
                advice: "check that mongod runs here, and where it makes its socket (unixSocketPrefix)",
                command: command)
        }
        if errors.contains(ECONNREFUSED) {
            return Fault(
                .connectionRefused, "nothing accepts connections at \(host): \(list)",
                advice: "check that mongod runs, on which address and port it listens (bind_ip), and the port in "
                    + "MONGO_DB_URL", command: command)
        }
        if errors.contains(where: { $0 == EHOSTUNREACH || $0 == ENETUNREACH }) {
            return Fault(
                .noRoute, "there is no way to \(host): \(list)",
                advice: "check the address, routes and firewalls between here and there", command: command)
        }
        if errors.isEmpty {
            return Fault(
                .connectionSilent, "no answer to the attempt to connect to \(host): \(list)",
                advice: "check the address, and firewalls between here and there: something drops the packets",
                command: command)
        }
        return Fault(
            .connectionFailed, "cannot connect to \(host): \(list)", advice: "check the address in MONGO_DB_URL",
            command: command)
    }

    /// When the walk's time was over.
    static func abandoned(_ host: Host, _ layer: Layer, time: Duration) -> Fault {
        switch layer {
        case .connectionString, .dns: lookUpPending(host, time: time)
        case .tcp, .sidecar:
            Fault(
                .connectionSilent, "no answer to the attempt to connect to \(host) for \(time.inMilliseconds) ms",
                advice: "check the address, and firewalls between here and there: something drops the packets",
                command: "nc -vz -w 2 \(host.name) \(host.port)")
        case .tls: silentDuringHandshake(host, time)
        case .hello: silentDuringHello(host, time)
        case .authentication: silentDuringAuthentication(host, time)
        case .read: silentDuringRead(host, time)
        }
    }
}

extension Ending {
    /// As in "the server closed the connection".
    var verb: String {
        switch self {
        case .reset: "reset"
        default: "closed"
        }
    }
}
