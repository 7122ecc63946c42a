import MongoClient
import Network
import Threads

/// The pod's sidecar, asked by Envoy's administration interface, which answers the application's container on
/// 127.0.0.1:15000 (<https://www.envoyproxy.io/docs/envoy/latest/operations/admin>).
struct Sidecar: Sendable {
    /// What it may take in all, for each question.
    private static let limit = Duration.milliseconds(200)
    private static let port: UInt16 = 15000

    private let address: SocketAddress

    /// - Returns: `nil` where nothing answers there that says it is Envoy.
    static func find(_ lookUps: AddressLookUps) -> Sidecar? {
        guard
            case .addresses(let addresses) = lookUps.addresses(of: "127.0.0.1", port: port, until: .now + limit),
            let address = addresses.first
        else { return nil }
        let sidecar = Sidecar(address: address)
        guard sidecar.get("/ready") != nil else { return nil }
        return sidecar
    }

    func counters() -> SidecarCounters? {
        get("/clusters").map { SidecarCounters($0.body) }
    }

    /// What it does with connections to `port`.
    func listeners(port: UInt16) -> SidecarListeners? {
        get("/config_dump?resource=dynamic_listeners&name_regex=.*_\(port)$").flatMap { response in
            // A search that finds nothing is no success to some versions of Envoy.
            JSONDocument(response.status == 200 ? response.body : "{}").map(SidecarListeners.init)
        }
    }

    /// What it knows of a cluster; `nil` where there is none in use by that name.
    func cluster(_ name: String) -> SidecarCluster? {
        let pattern = String(name.map { $0 == "|" || $0 == "*" ? "." : $0 })
        return get("/config_dump?resource=dynamic_active_clusters&name_regex=^\(pattern)$")
            .flatMap { JSONDocument($0.body) }.flatMap(SidecarCluster.init)
    }

    private func get(_ path: String) -> HTTPAnswer? {
        let deadline = MonotonicTime.now + Self.limit
        let attempts = TCPSocket.connect(to: [address], timeout: Self.limit, grace: .zero)
        guard case .connected(let socket)? = attempts.first?.outcome else { return nil }
        let connection = Connection(socket)
        let request = Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        guard request.withUnsafeBytes({ connection.write($0, until: deadline) }) == request.count else { return nil }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = buffer.withUnsafeMutableBytes { connection.read(into: $0, until: deadline) }
            if count < 0 { return nil }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return HTTPAnswer(bytes).flatMap { $0.isEnvoy ? $0 : nil }
    }
}
