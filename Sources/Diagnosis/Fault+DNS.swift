import MongoClient
import Network
import Threads

extension Fault {
    private static let checkName = "check the host in MONGO_DB_URL, and the DNS that /etc/resolv.conf names"

    static func lookUp(_ host: Host, _ fault: AddressLookUps.Fault) -> Fault {
        let command = "getent ahosts \(host.name)"
        switch fault {
        case .noName:
            return Fault(
                .nameNotFound, "DNS has no name \(host.name)", advice: "check the host in MONGO_DB_URL",
                command: command)
        case .noAddress:
            return Fault(
                .nameWithoutAddress, "DNS has the name \(host.name), but no address for it",
                advice: "check the name's A and AAAA records", command: command)
        case .other(let text):
            return Fault(
                .nameServerFailed, "the look-up of \(host.name) failed: \(text.lowercasedFirst)",
                advice: checkName, command: command)
        }
    }

    static func lookUpPending(_ host: Host, time: Duration) -> Fault {
        Fault(
            .nameServerSilent, "no answer from DNS for \(host.name) after \(time.inMilliseconds) ms",
            advice: "check that the DNS servers in /etc/resolv.conf answer, and that nothing blocks port 53",
            command: "getent ahosts \(host.name)")
    }

    static func serviceRecords(_ name: String, _ fault: ServiceRecords.Fault, type: String, time: Duration) -> Fault {
        let command = "dig +short \(type) \(name)"
        switch fault {
        case .noSuchName, .noRecords:
            return Fault(
                .serviceRecordsMissing, "DNS has no \(type) record \(name)",
                advice: "check the name in mongodb+srv://, or name the hosts themselves with mongodb://",
                command: command)
        case .noAnswer:
            return Fault(
                .nameServerSilent, "no answer from DNS for the \(type) record \(name) after \(time.inMilliseconds) ms",
                advice: checkName, command: command)
        }
    }

    static func targetOutsideDomain(_ target: String, domain: String) -> Fault {
        Fault(
            .serviceTargetOutsideDomain,
            "the SRV record names \(target), which is not in the domain \(domain), so the driver does not go there",
            advice: "name hosts of \(domain) in the SRV record")
    }

    static func severalTexts(_ name: String, _ count: Int) -> Fault {
        Fault(
            .severalTXTRecords, "\(name) has \(count) TXT records, and the driver takes one at most",
            advice: "remove the others", command: "dig +short TXT \(name)")
    }

    static func forbiddenText(_ name: String, option: String) -> Fault {
        Fault(
            .forbiddenTXTOption,
            "the TXT record of \(name) sets \(option), and may set authSource, replicaSet and loadBalanced only",
            advice: "put the option into MONGO_DB_URL", command: "dig +short TXT \(name)")
    }
}
