import Foundation
import LocalMongo

/// What crossed the router's links: every packet, as packet(7) hands it out.
struct Capture: Sendable {
    private var packets: [[UInt8]] = []

    /// Captures while `body` runs, and a little longer.
    static func run(during body: () async throws -> Void) async throws -> Capture {
        // ETH_P_ALL, a macro of linux/if_ether.h that is not part of Glibc's module.
        let everything = UInt16(3).bigEndian
        let descriptor = socket(AF_PACKET, Int32(SOCK_RAW.rawValue), Int32(everything))
        guard descriptor >= 0 else { throw LabError("cannot capture packets: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var size: Int32 = 8 << 20
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &size, socklen_t(MemoryLayout<Int32>.size))
        try await body()
        // The kernel has queued them all by now.
        try await Task.sleep(for: .milliseconds(50))
        var capture = Capture()
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            guard count > 0 else { return capture }
            capture.packets.append(Array(buffer[..<count]))
        }
    }

    /// The TCP payloads to and from a port, one after the other.
    func payload(port: Int) -> Payload {
        var bytes: [UInt8] = []
        for packet in packets {
            // Ethernet (14 bytes), IPv4 (its length in words in the low half of its first byte), TCP (likewise).
            guard packet.count > 34, packet[12] == 0x08, packet[13] == 0, packet[23] == 6 else { continue }
            let tcp = 14 + Int(packet[14] & 15) * 4
            guard packet.count >= tcp + 20 else { continue }
            let ports = [tcp, tcp + 2].map { Int(packet[$0]) << 8 | Int(packet[$0 + 1]) }
            let end = min(packet.count, 14 + (Int(packet[16]) << 8 | Int(packet[17])))
            let start = tcp + Int(packet[tcp + 12] >> 4) * 4
            if ports.contains(port), start < end { bytes += packet[start..<end] }
        }
        return Payload(bytes: bytes)
    }

    struct Payload: Sendable {
        fileprivate var bytes: [UInt8]
        var count: Int { bytes.count }
        var isEmpty: Bool { bytes.isEmpty }

        func contains(text: String) -> Bool { bytes.firstRange(of: Array(text.utf8)) != nil }
    }
}
