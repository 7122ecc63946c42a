import MongoClient
import Network
import Threads

extension Fault {
    private static let ping = "mongosh \"$MONGO_DB_URL\" --eval 'db.hello()'"

    /// - Parameter isPassedOn: whether a sidecar has passed the connection on to the server.
    static func serverRequiresTLS(_ host: Host, isPassedOn: Bool) -> Fault {
        let explanation = "\(host) speaks TLS only, and the connection string asks for none"
        guard isPassedOn else {
            return Fault(
                .serverRequiresTLS, explanation,
                advice: "add ssl=true to MONGO_DB_URL, and tlsCAFile where the CA is your own",
                command: "openssl s_client -connect \(host) </dev/null")
        }
        return Fault(
            .serverRequiresTLS,
            explanation + "; the sidecar passed the connection on as it was: no DestinationRule has it speak TLS for "
                + "the service",
            advice:
                "apply tls-origination's DestinationRule, or check that its host, port and workloadSelector fit this pod; "
                + "or add ssl=true to MONGO_DB_URL, where the service is to speak TLS itself",
            command: "kubectl get destinationrule -A")
    }

    static func closedDuringHello(_ host: Host, _ ending: Ending?, _ time: Duration) -> Fault {
        Fault(
            .closedDuringHello,
            "\(host) accepted the connection and \(ending?.verb ?? "closed") it \(time.inMilliseconds) ms after the first "
                + "question",
            advice:
                "check that this is mongod's port, that mongod has room for connections (maxIncomingConnections), and proxies "
                + "between",
            command: ping)
    }

    static func silentDuringHello(_ host: Host, _ time: Duration) -> Fault {
        Fault(
            .silentDuringHello, "\(host) accepted the connection and did not answer for \(time.inMilliseconds) ms",
            advice: "check whether mongod is overloaded or frozen, and that this is its port", command: ping)
    }

    static func notMongoDB(_ host: Host, _ reply: [UInt8]) -> Fault {
        let start = reply.prefix(16).map { byte in
            (32..<127).contains(byte) ? String(Unicode.Scalar(byte)) : "."
        }.joined()
        return Fault(
            .notMongoDB, "what answers at \(host) is no MongoDB: its answer begins with \"\(start)\"",
            advice: "check host and port in MONGO_DB_URL")
    }

    static func otherReplicaSet(_ host: Host, wanted: String, found: String) -> Fault {
        Fault(
            .otherReplicaSet, "\(host) is a member of the replica set \(found), and MONGO_DB_URL asks for \(wanted)",
            advice: "write replicaSet=\(found) in MONGO_DB_URL, or name hosts of \(wanted)", command: ping)
    }

    /// - Parameter wanted: the set's name; `nil` where the connection string names none, but several hosts.
    static func notAReplicaSet(_ host: Host, wanted: String?) -> Fault {
        let demand = wanted.map { "asks for \($0)" } ?? "names several hosts, which must be one set's"
        let option = wanted.map { "replicaSet=\($0)" } ?? "the other hosts"
        return Fault(
            .notAReplicaSet, "\(host) belongs to no replica set, and MONGO_DB_URL \(demand)",
            advice: "take \(option) out of MONGO_DB_URL, or start mongod with --replSet and initiate the set",
            command: ping)
    }

    /// - Parameter hosts: those that answered.
    static func noPrimary(_ hosts: [Host], _ name: String?) -> Fault {
        let list = hosts.map(\.description).joined(separator: ", ")
        return Fault(
            .noPrimary, "no primary in the replica set\(name.map { " \($0)" } ?? ""): \(list) answered, and is none",
            advice: "wait for an election, look at rs.status(), or add readPreference=primaryPreferred to MONGO_DB_URL",
            command: "mongosh \"$MONGO_DB_URL\" --eval 'rs.status()'")
    }

    static func helloFailed(_ host: Host, _ text: String) -> Fault {
        Fault(.helloFailed, "\(host) did not say what it is: \(text)", advice: "look at mongod's log", command: ping)
    }

    /// What the driver alone knows, by its domain and code (<https://mongoc.org/libmongoc/1.23.1/errors.html>).
    init?(hello error: MongoError, _ host: Host) {
        switch error.kind {
        case .notALoadBalancer:
            self.init(
                .notALoadBalancer, "\(host) is no load balancer's: MONGO_DB_URL asks for loadBalanced=true",
                advice: "take loadBalanced=true out of MONGO_DB_URL")
        case .incompatible:
            self.init(
                .serverTooOld, "\(host) and this driver have no version of the protocol in common: \(error.message)",
                advice: "use a MongoDB that the driver supports")
        case .other: return nil
        }
    }
}
