import Glibc
import Threads

/// Looks up the addresses of host names with getaddrinfo(3), which has no limit on its time and cannot be ended: while a
/// look-up of a name hangs, no second one of that name begins.
public final class AddressLookUps: Sendable {
    public enum Outcome: Sendable, Equatable {
        case addresses([SocketAddress])
        case failed(Fault)
        /// Nothing has come yet; asked since then.
        case pending(since: MonotonicTime)
    }

    /// An error of getaddrinfo(3).
    public enum Fault: Sendable, Equatable {
        /// There is no such name.
        case noName
        /// The name has no address.
        case noAddress
        /// Another one, in the system's words.
        case other(String)

        init(status: Int32) {
            // glibc shows EAI_NODATA to programs with its own extensions only.
            let noData: Int32 = -5
            switch status {
            case EAI_NONAME: self = .noName
            case noData: self = .noAddress
            default: self = .other(String(cString: gai_strerror(status)))
            }
        }
    }

    private struct Query: Hashable, Sendable {
        let host: String
        let port: UInt16
    }

    private enum Answer: Sendable {
        case pending(since: MonotonicTime)
        case ended(Outcome)
    }

    private let answers = Locked<[Query: Answer]>([:])

    public init() {}

    /// - Parameters:
    ///   - host: a name or an address.
    ///   - deadline: when to wait no longer. Blocks until then at most.
    public func addresses(of host: String, port: UInt16, until deadline: MonotonicTime) -> Outcome {
        let query = Query(host: host, port: port)
        let isFirst = answers.withLock { answers in
            if case .pending? = answers[query] { return false }
            answers[query] = .pending(since: .now)
            return true
        }
        if isFirst {
            Thread.detach { [self] in
                let outcome = Self.ask(query)
                answers.withLock { $0[query] = .ended(outcome) }
                answers.notifyAll()
            }
        }
        let outcome = answers.wait(until: deadline) { answers -> Outcome? in
            if case .ended(let outcome)? = answers[query] { outcome } else { nil }
        }
        if let outcome { return outcome }
        return answers.withLock { answers in
            switch answers[query] {
            case .ended(let outcome)?: outcome
            case .pending(let since)?: .pending(since: since)
            case nil: .failed(.other("no answer"))
            }
        }
    }

    private static func ask(_ query: Query) -> Outcome {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_family = AF_UNSPEC
        var first: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(query.host, String(query.port), &hints, &first)
        guard status == 0 else { return .failed(Fault(status: status)) }
        defer { freeaddrinfo(first) }
        var addresses: [SocketAddress] = []
        var next = first
        while let info = next?.pointee {
            let address = SocketAddress(info.ai_addr, length: info.ai_addrlen)
            if !addresses.contains(address) { addresses.append(address) }
            next = info.ai_next
        }
        return .addresses(addresses)
    }
}
