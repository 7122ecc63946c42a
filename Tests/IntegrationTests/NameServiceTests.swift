import Foundation
import LocalMongo
import Testing

extension SteadyDatabase {
    /// A name server that never answers: `getaddrinfo` has no time limit of its own.
    @Suite
    struct NameService {
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try await SteadyDatabase.shared.run()
        }

        /// Runs the service in a mount namespace of its own, where /etc/resolv.conf names a silent server.
        @Test func silentNameServer() async throws {
            try #require(getuid() == 0, "this test needs root, for a name server on port 53 and a mount namespace")
            let server = try SilentNameServer(host: "127.0.0.9")
            let directory = try PrivateDirectory(name: "silent-name-server")
            let configuration = directory.appending("resolv.conf")
            try "nameserver 127.0.0.9\n".write(toFile: configuration, atomically: true, encoding: .utf8)
            let mount = #"mount --bind "$0" /etc/resolv.conf && exec "$@""#
            let service = try await Service.start(
                SteadyDatabase.database.url(host: "mongo.example.com"),
                launcher: ["unshare", "--mount", "--propagation", "private", "sh", "-c", mount, configuration])
            let load = await Load.run(on: service, connections: 8, requestsEach: 4)
            #expect(load.count(status: 500, body: Body.cannotConnect) == 32, "\(load.broken)")
            #expect(load.slowest <= requestLimit)
            #expect(server.queries > 0)
            expect(try await service.request("/health"), status: 200, body: Body.health)
            let (status, time) = try await service.end()
            #expect(status == .exited(0), "\(service.log)")
            #expect(time < shutdownLimit)
        }
    }
}
