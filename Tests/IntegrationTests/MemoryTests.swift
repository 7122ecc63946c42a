import Foundation
import Testing

@testable import Faults

extension SteadyDatabase {
    /// What clients can make the service keep is bounded, together and not only each: the pod has 128 MiB.
    @Suite(.serialized)
    struct Memory {
        private let turn: Turn

        init() async throws {
            turn = await Turn(.alone)
            try await SteadyDatabase.shared.run()
        }

        enum Crowd: String, CaseIterable, Sendable {
            case idle, bodiesWithoutTheirLastByte, headsWithoutEnd, targetsWithoutEnd, floodsThatReadNothing
        }

        /// The Deployment's limit.
        private static let podLimit = 128 << 20

        /// Under the pod's limit, with what the kernel keeps for it, where a cgroup can be made; and resident in any case.
        @Test(arguments: Crowd.allCases)
        func staysBounded(_ crowd: Crowd) async throws {
            let limit = 100 << 10
            let cgroup = Slowness.isSanitized ? nil : MemoryCgroup(limit: Self.podLimit)
            let service = try await Service.start(SteadyDatabase.database.url, launcher: cgroup?.launcher ?? [])
            try await expectRatings(from: service)
            let connections = RawConnections()
            try gather(crowd, connections, service.port)
            // Others are served, as soon as what has arrived is read: in a debug build that takes its time.
            for target in ["/health", "/ratings/0"] {
                let connection = try await HTTPConnection.open(port: service.port)
                #expect(try await connection.request(target, within: .seconds(60)).status == 200)
            }
            let memory = try service.processStatus("VmHWM")
            let all = cgroup.map { "\($0.most >> 20) MiB with the kernel's, in a cgroup of 128" }
            print(
                "memory: \(connections.count) \(crowd): \(memory >> 10) MiB resident at most, "
                    + (all ?? "NOT measured with the kernel's: no cgroup can be made here"))
            // A sanitizer's own memory is none of the service's.
            if !Slowness.isSanitized { #expect(memory < limit) }
            if let cgroup { #expect(cgroup.most > 0 && cgroup.most <= Self.podLimit) }
            connections.closeAll()
            try await expectRatings(from: service)
            #expect(try await service.end().status == .exited(0))
        }

        private func gather(_ crowd: Crowd, _ connections: RawConnections, _ port: Int) throws {
            func text(_ head: String, _ count: Int) -> [UInt8] {
                Array(head.utf8) + [UInt8](repeating: UInt8(ascii: "1"), count: count)
            }
            switch crowd {
            case .idle:
                for _ in 0..<5000 / Slowness.factor { try connections.open(port: port) }
            case .bodiesWithoutTheirLastByte:
                let head = "POST /ratings/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n\""
                for _ in 0..<1000 / Slowness.factor {
                    try connections.open(port: port, sending: text(head, (1 << 20) - 2))
                }
            case .headsWithoutEnd:
                for _ in 0..<2000 / Slowness.factor {
                    try connections.open(port: port, sending: text("GET / HTTP/1.1\r\nX: ", 15_000))
                }
            case .targetsWithoutEnd:
                for _ in 0..<2000 / Slowness.factor {
                    try connections.open(port: port, sending: text("GET /ratings/", 15_000))
                }
            case .floodsThatReadNothing:
                let requests = Array(
                    repeatElement(Array("GET /ratings/1 HTTP/1.1\r\nHost: a\r\n\r\n".utf8), count: 500).joined())
                for _ in 0..<500 / Slowness.factor { try connections.open(port: port, receiveBuffer: 4096) }
                let end = ContinuousClock.now + .seconds(3)
                while ContinuousClock.now < end { _ = connections.push(requests) }
            }
        }

        /// The oldest unfinished request makes room for the others, and its client is told.
        @Test func theOldestUnfinishedRequestGoesFirst() async throws {
            try await withService(SteadyDatabase.database.url) { service in
                let start = "GET /ratings/" + String(repeating: "1", count: 15_000)
                let oldest = try await HTTPConnection.open(port: service.port)
                oldest.send(start)
                try await Task.sleep(for: .milliseconds(100))
                let connections = RawConnections()
                for _ in 0..<2000 { try connections.open(port: service.port, sending: Array(start.utf8)) }
                expect(try await oldest.answer(), status: 408, body: "")
                _ = try await oldest.waitForClose(within: .seconds(5))
                // The youngest are still welcome.
                let youngest = try await HTTPConnection.open(port: service.port)
                youngest.send(start)
                try await Task.sleep(for: .milliseconds(100))
                youngest.send(" HTTP/1.1\r\nHost: a\r\n\r\n")
                expect(try await youngest.answer(), status: 200, body: Body.ratings("null"))
            }
        }

        /// A limit of our own, below the descriptors': the listener never runs into it, and the database keeps its own.
        @Test func connectionsBeyondTheDescriptorsAreClosedAtOnce() async throws {
            let launcher = ["sh", "-c", #"ulimit -n 100 && exec "$@""#, "sh"]
            let service = try await Service.start(SteadyDatabase.database.url, launcher: launcher)
            let first = try await HTTPConnection.open(port: service.port)
            expect(try await first.request("/ratings/1"), status: 200, body: Body.ratings("1"))
            let connections = RawConnections()
            for _ in 0..<80 { try connections.open(port: service.port) }
            let areClosed = await eventually { connections.closedCount == 80 - 35 }
            #expect(areClosed, "\(connections.closedCount) of 80 were closed")
            // Who was there goes on.
            expect(try await first.request("/ratings/2"), status: 200, body: Body.ratings("2"))
            let lines = service.logLines(with: "too many connections: new ones are closed")
            #expect(lines.count == 1 && lines[0].contains("limit=36"), "\(lines)")
            connections.closeAll()
            let isWell = await eventually { (try? await service.request().answer.status) == 200 }
            #expect(isWell)
            #expect(try await service.end().status == .exited(0))
        }
    }
}
