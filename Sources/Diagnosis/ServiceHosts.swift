import MongoClient
import Network
import Threads

/// The hosts of a connection string: its own, or those that DNS names for `mongodb+srv://`.
///
/// Rules: <https://www.mongodb.com/docs/manual/reference/connection-string/#srv-connection-format>.
struct ServiceHosts {
    let hosts: [Host]
    /// What a TXT record says.
    private(set) var authSource: String?
    private(set) var replicaSet: String?

    /// Blocks while DNS is asked.
    init(_ connectionString: ConnectionString, until deadline: MonotonicTime) throws(Fault) {
        guard let name = connectionString.serviceHost else {
            hosts = connectionString.servers
            return
        }
        let targets = try Self.ask(connectionString.serviceName, "SRV", until: deadline) {
            () throws(ServiceRecords.Fault) in
            try ServiceRecords.targets(of: connectionString.serviceName, seconds: 1)
        }
        // As the driver: all labels of the name but the first.
        let domain = name.drop { $0 != "." }
        for target in targets where !target.host.lowercased().hasSuffix(domain.lowercased()) {
            throw .targetOutsideDomain(target.host, domain: String(domain.dropFirst()))
        }
        hosts = targets.map { Host(name: $0.host, port: $0.port) }
        try readTexts(name, until: deadline)
    }

    private mutating func readTexts(_ name: String, until deadline: MonotonicTime) throws(Fault) {
        let texts: [String]
        do throws(Fault) {
            texts = try Self.ask(name, "TXT", until: deadline) { () throws(ServiceRecords.Fault) in
                try ServiceRecords.texts(of: name, seconds: 1)
            }
        } catch  where error.cause == .serviceRecordsMissing {
            return
        }
        guard texts.count < 2 else { throw .severalTexts(name, texts.count) }
        for option in texts[0].split(whereSeparator: { $0 == "&" }) {
            let key = option.prefix { $0 != "=" }
            let value = String(option.dropFirst(key.count + 1))
            switch key.lowercased() {
            case "authsource": authSource = value
            case "replicaset": replicaSet = value
            case "loadbalanced": break
            default: throw .forbiddenText(name, option: String(key))
            }
        }
    }

    /// Asks on a thread of its own, which is left behind at the deadline.
    private static func ask<Records: Sendable>(
        _ name: String, _ type: String, until deadline: MonotonicTime,
        _ body: @escaping @Sendable () throws(ServiceRecords.Fault) -> Records
    ) throws(Fault) -> Records {
        let start = MonotonicTime.now
        let answer = Locked<Result<Records, ServiceRecords.Fault>?>(nil)
        Thread.detach {
            let result = Result { () throws(ServiceRecords.Fault) in try body() }
            answer.withLock { $0 = result }
            answer.notify()
        }
        switch answer.wait(until: deadline, { $0 }) {
        case .success(let records)?: return records
        case .failure(let fault)?: throw .serviceRecords(name, fault, type: type, time: .now - start)
        case nil: throw .serviceRecords(name, .noAnswer, type: type, time: .now - start)
        }
    }
}
