import Foundation
import LocalMongo
import Testing

@testable import Faults

extension OwnDatabase {
    /// The server gets a certificate of a new CA, and the bundle that `tlsCAFile` names is swapped as kubelet does it.
    @Suite
    struct CARotation {
        private let turn: Turn

        init() async throws { turn = await Turn(.besideFew) }

        /// A volume of a ConfigMap or a Secret: what it shows are links through `..data`, which is replaced in one step.
        private struct Volume {
            private let directory: PrivateDirectory
            var path: String { directory.appending("ca.pem") }

            init(_ text: String) throws {
                directory = try PrivateDirectory(name: "ca-volume")
                try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "..data/ca.pem")
                try swap(to: text)
            }

            func swap(to text: String) throws {
                let version = try directory.makeDirectory("..\(UInt32.random(in: 0 ... .max))")
                try Data(text.utf8).write(to: URL(fileURLWithPath: version + "/ca.pem"))
                let link = directory.appending("..data_tmp")
                try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: version)
                try #require(rename(link, directory.appending("..data")) == 0)
            }
        }

        private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

        /// A database behind a relay, its service, and the way to give the server a certificate of another CA.
        private func withRotation(
            _ body: (Service, Relay, Volume, _ old: String, _ new: String, _ rotate: () async throws -> Void)
                async throws
                -> Void
        ) async throws {
            let database = try await BookinfoDatabase.start()
            let directory = try PrivateDirectory(name: "new-ca")
            let other = try await CertificateAuthority.make(named: "new-ca", in: directory.path)
            let certificate = try await other.certificate(named: "new-server")
            let (old, new) = (try text(database.authority.certificateFile), try text(other.certificateFile))
            let volume = try Volume(old)
            let relay = try Relay.start(to: database.port)
            let served = try #require(database.mongod.server.certificate?.certificateKeyFile)
            try await withService(database.url(port: relay.port, caFile: volume.path)) { service in
                try await expectRatings(from: service)
                try await body(service, relay, volume, old, new) {
                    try Data(contentsOf: URL(fileURLWithPath: certificate.certificateKeyFile)).write(
                        to: URL(fileURLWithPath: served))
                    try await database.runCommand(#"{"rotateCertificates": 1}"#, on: "admin")
                }
            }
            try await database.mongod.stop(.kill)
        }

        @Test func bundleFirstFailsNobody() async throws {
            try await withRotation { service, relay, volume, old, new, rotate in
                let load = try await Traffic.run(on: service, connections: 8, pause: .milliseconds(50)) {
                    try volume.swap(to: old + new)
                    relay.cut()
                    try await Task.sleep(for: .seconds(1))
                    try await rotate()
                    relay.cut()
                    try await Task.sleep(for: .milliseconds(1500))
                    try volume.swap(to: new)
                    relay.cut()
                    try await Task.sleep(for: .milliseconds(1500))
                }
                print("CA rotated, bundle first: \(load.faults) of \(load.requests.count), slowest \(load.slowest)")
                #expect(load.faults == 0, "\(service.log)")
                try await expectRatings(from: service)
            }
        }

        @Test func serverFirstIsNamedAndMendedByTheBundle() async throws {
            try await withRotation { service, relay, volume, old, new, rotate in
                try await rotate()
                relay.cut()
                let isTold = try await eventually {
                    _ = try await service.request()
                    return service.log.contains(" cause=certificateIssuerUnknown ")
                }
                #expect(isTold, "\(service.log)")
                expect(try await service.request(), status: 500, body: Body.cannotConnect)
                try volume.swap(to: old + new)
                let start = ContinuousClock.now
                let isBack = try await eventually { try await service.request().answer.status == 200 }
                let time = ContinuousClock.now - start
                print("CA rotated, server first: good \(time) after the swap")
                #expect(isBack && time < .seconds(2) * Slowness.factor)
                #expect(service.logLines(with: "cannot connect").count == 1, "\(service.log)")
            }
        }
    }
}
