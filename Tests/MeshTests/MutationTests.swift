import Foundation
import LocalMongo
import Processes
import Testing

extension LabTests {
    /// The checks of the way, each with the world changed around it; `make test-mesh-checks` does it for all.
    @Suite
    struct MutationTests {
        @Test func eachCheckOfTheWayCanFail() async throws {
            let folder = try PrivateDirectory(name: "mesh-mutations")
            let log = folder.appending("mutate.log")
            let lab = try await ChildProcess.start(
                LabProgram.path(), ["mutate", "--way", "tls-gateway-mtls"], output: .file(log))
            let status = await lab.waitForExit()
            let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            #expect(status.isSuccess, "\(text)")
            #expect(text.hasSuffix("7 changes of the world, 0 not noticed by exactly the right check\n"), "\(text)")
        }
    }
}
