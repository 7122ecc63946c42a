import CResolv
import Glibc

/// What DNS says of a `mongodb+srv://` name: SRV and TXT records, by libresolv (resolver(3)).
///
/// Source: <https://www.mongodb.com/docs/manual/reference/connection-string/#srv-connection-format>.
public struct ServiceRecords: Sendable, Equatable {
    public struct Target: Sendable, Equatable {
        public let host: String
        public let port: UInt16
    }

    /// Why there are none.
    public enum Fault: Error, Sendable, Equatable {
        /// The name does not exist.
        case noSuchName
        /// The name exists, but has no such records.
        case noRecords
        /// No name server answered in time, or one answered that it cannot.
        case noAnswer
    }

    /// - Parameters:
    ///   - name: such as `_mongodb._tcp.cluster0.example.com`.
    ///   - seconds: how long each of two tries may take, and each name server. Blocks.
    public static func targets(of name: String, seconds: Int32) throws(Fault) -> [Target] {
        try records(name, ns_t_srv, seconds).compactMap { record, message in
            // RFC 2782: priority, weight, port, target.
            guard record.count > 6 else { return nil }
            let port = record.dropFirst(4).prefix(2).reduce(0) { UInt16($0) << 8 | UInt16($1) }
            return message.name(at: record.startIndex + 6).map { Target(host: $0, port: port) }
        }
    }

    /// The text of each TXT record; a record's strings are joined (RFC 7208, section 3.3, and the driver do so).
    public static func texts(of name: String, seconds: Int32) throws(Fault) -> [String] {
        try records(name, ns_t_txt, seconds).map { record, _ in
            var text: [UInt8] = []
            var rest = record[...]
            while let length = rest.first {
                rest = rest.dropFirst()
                text += rest.prefix(Int(length))
                rest = rest.dropFirst(Int(length))
            }
            return String(decoding: text, as: UTF8.self)
        }
    }

    private static func records(
        _ name: String, _ type: ns_type, _ seconds: Int32
    ) throws(Fault) -> [(ArraySlice<UInt8>, Message)] {
        var answer = [UInt8](repeating: 0, count: 16 << 10)
        var error: Int32 = 0
        let length = cresolv_search(name, Int32(type.rawValue), seconds, 2, &answer, Int32(answer.count), &error)
        guard length >= 0 else {
            switch error {
            case HOST_NOT_FOUND: throw .noSuchName
            case NO_DATA: throw .noRecords
            default: throw .noAnswer
            }
        }
        let message = Message(bytes: Array(answer.prefix(Int(length))))
        let records = message.records(type)
        guard !records.isEmpty else { throw .noRecords }
        return records.map { ($0, message) }
    }

    /// An answer of a name server (RFC 1035, section 4).
    private struct Message {
        let bytes: [UInt8]

        /// Their places in ``bytes``.
        func records(_ type: ns_type) -> [ArraySlice<UInt8>] {
            bytes.withUnsafeBufferPointer { buffer in
                var records: [ArraySlice<UInt8>] = []
                var size: Int32 = 0
                while let start = cresolv_record(
                    buffer.baseAddress, Int32(buffer.count), Int32(type.rawValue), Int32(records.count), &size),
                    let base = buffer.baseAddress
                {
                    let offset = start - base
                    records.append(bytes[offset..<offset + Int(size)])
                }
                return records
            }
        }

        /// A name that may be compressed (RFC 1035, section 4.1.4).
        func name(at offset: Int) -> String? {
            bytes.withUnsafeBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return nil }
                var name = [CChar](repeating: 0, count: Int(NS_MAXDNAME))
                let length = dn_expand(
                    base, base + buffer.count, base + offset, &name, Int32(name.count))
                return length < 0 ? nil : name.text
            }
        }
    }
}
