import MongoClient
import Network
import Threads

/// Asks a server that has hung up in the other language, on another connection: to tell a server without TLS from one that
/// closes for other reasons.
enum Probe {
    /// Whether there is an answer of MongoDB's to a hello without TLS.
    static func answersPlainHello(_ address: SocketAddress, until deadline: MonotonicTime) -> Bool {
        guard let reply = firstBytes(of: address, sending: WireMessage.hello, until: deadline) else { return false }
        return ServerReply(reply) != nil
    }

    /// Whether there is an answer of TLS's to a ClientHello: a record of a handshake or an alert (RFC 8446, section 5.1).
    static func answersClientHello(_ address: SocketAddress, until deadline: MonotonicTime) -> Bool {
        guard let socket = connect(address, until: deadline),
            let context = try? TLSContext(.acceptingAnything, needsAuthorities: false)
        else { return false }
        let connection = Connection(socket)
        switch connection.startTLS(context, name: "localhost", until: deadline) {
        case .success, .failure(.certificate): return true
        case .failure(.ended(.alert)): return true
        case .failure(.ended): return false
        }
    }

    private static func firstBytes(
        of address: SocketAddress, sending message: [UInt8], until deadline: MonotonicTime
    ) -> [UInt8]? {
        guard let socket = connect(address, until: deadline) else { return nil }
        let connection = Connection(socket)
        guard message.withUnsafeBytes({ connection.write($0, until: deadline) }) > 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = buffer.withUnsafeMutableBytes { connection.read(into: $0, until: deadline) }
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    private static func connect(_ address: SocketAddress, until deadline: MonotonicTime) -> TCPSocket? {
        let attempts = TCPSocket.connect(to: [address], timeout: deadline - .now, grace: .zero)
        if case .connected(let socket)? = attempts.first?.outcome { return socket }
        return nil
    }
}

extension TLSSettings {
    /// For a question that sends nothing: whom one speaks to does not matter.
    static var acceptingAnything: TLSSettings {
        var settings = TLSSettings()
        settings.allowsInvalidCertificates = true
        return settings
    }
}
