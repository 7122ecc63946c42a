import Foundation
import LocalMongo
import Testing

@testable import Faults

extension SteadyDatabase {
    /// The database's name comes to mean another address, as in a fail-over by DNS. The service runs in a mount namespace with
    /// an /etc/hosts of its own. One after the other: the addresses are the same.
    @Suite(.serialized)
    struct MovedNames {
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideFew)
            try await SteadyDatabase.shared.run()
            try #require(getuid() == 0, "this test needs root, for a name server on port 53 and a mount namespace")
        }

        /// How the old address ends.
        enum End: String, CaseIterable, Sendable {
            case resetAtOnce
            case silentAtOnce
            case resetLater
            case silentLater
            case resetAndNameMissing

            /// How long the old address goes on answering once the name has moved.
            var delay: Duration { [.resetLater, .silentLater].contains(self) ? .seconds(2) : .zero }
            /// How long there is no such name.
            var gap: Duration { self == .resetAndNameMissing ? .seconds(5) : .zero }
            var isSilent: Bool { [.silentAtOnce, .silentLater].contains(self) }
        }

        @Test(arguments: End.allCases)
        func areFollowed(_ end: End) async throws {
            let database = try SteadyDatabase.database
            var old: Relay? = try Relay.start(to: database.port, host: "127.0.0.2")
            let port = try #require(old?.port)
            let new = try Relay.start(to: database.port, host: "127.0.0.3", listeningPort: port)
            let names = try await LocalNameServer.start(host: "127.0.0.11", records: [])
            let directory = try PrivateDirectory(name: "moved-name")
            // The mount is of the file itself: its text is replaced, not the file.
            func setHosts(_ line: String) throws {
                try Data("127.0.0.1 localhost\n\(line)\n".utf8).write(
                    to: URL(fileURLWithPath: directory.appending("hosts")))
            }
            try setHosts("127.0.0.2 moving.ratings.test")
            try Data("nameserver 127.0.0.11\n".utf8).write(
                to: URL(fileURLWithPath: directory.appending("resolv.conf")))
            let mounts =
                #"mount --bind "$0/hosts" /etc/hosts && mount --bind "$0/resolv.conf" /etc/resolv.conf && exec "$@""#
            let url = database.url(
                host: "moving.ratings.test", port: port, options: ["tlsAllowInvalidHostnames=true"])
            let service = try await Service.start(
                url,
                launcher: ["unshare", "--mount", "--propagation", "private", "sh", "-c", mounts, directory.path])
            let isUp = try await eventually { try await service.request().answer.status == 200 }
            try #require(isUp, "\(service.log)")
            let linesBefore = service.logLines(with: "cannot").count
            var isThere = ContinuousClock.now
            var health: [Duration] = []
            let load = try await Traffic.run(on: service, connections: 16, pause: .milliseconds(50)) {
                try await Task.sleep(for: .milliseconds(300))
                try setHosts(end.gap > .zero ? "" : "127.0.0.3 moving.ratings.test")
                try await Task.sleep(for: end.delay)
                isThere = .now + end.gap
                if end.isSilent {
                    old?.mode = .silent
                } else {
                    old?.cut(reset: true)
                    old = nil
                }
                while ContinuousClock.now < isThere {
                    health.append(try await service.request("/health").time)
                    try await Task.sleep(for: .milliseconds(50))
                }
                try setHosts("127.0.0.3 moving.ratings.test")
                let over = ContinuousClock.now + .seconds(3)
                while ContinuousClock.now < over {
                    health.append(try await service.request("/health").time)
                    try await Task.sleep(for: .milliseconds(50))
                }
            }
            let recovery = try #require(load.firstGoodAnswer(after: isThere))
            let medianHealth = health.sorted()[health.count / 2]
            let after = load.sent(from: isThere + .seconds(2), to: .now)
            print(
                "name moved, \(end): \(load.faults) of \(load.requests.count) failed, slowest \(load.slowest), good after "
                    + "\(recovery), /health in \(medianHealth), \(new.accepted) connections to the new address")
            #expect(recovery < .seconds(2) * Slowness.factor)
            #expect(!after.requests.isEmpty && after.faults == 0)
            #expect(new.accepted > 0)
            #expect(medianHealth < .milliseconds(100) * Slowness.factor)
            // Where the name was there all the time nobody gets an error.
            #expect(end.gap > .zero ? load.faults > 0 : load.faults == 0)
            let lines = service.logLines(with: "cannot").dropFirst(linesBefore)
            #expect(lines.count == (end.gap > .zero ? 1 : 0), "\(service.log)")
            #expect(try await service.end().status == .exited(0))
            withExtendedLifetime((old, new, names)) {}
        }
    }
}
