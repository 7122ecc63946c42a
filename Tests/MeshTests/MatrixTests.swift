import Foundation
import LocalMongo
import MeshLab
import Processes
import Testing

extension LabTests {
    /// Every egress configuration with the real service, real proxies and a real MongoDB, in network namespaces.
    ///
    /// The matrix runs once, as `mesh test`; each test looks at its own configuration. Where this machine cannot run it, every
    /// test fails and says why.
    @Suite
    struct MatrixTests {
        private static let matrix = Task {
            let report = try PrivateDirectory(name: "mesh-report")
            let file = report.appending("matrix.json")
            let lab = try await ChildProcess.start(
                LabProgram.path(), ["test", "--report", file], output: .inherited)
            let status = await lab.waitForExit()
            guard let data = FileManager.default.contents(atPath: file) else {
                throw LabError("mesh test wrote no report, it ended with \(status); its own message stands above")
            }
            return try JSONDecoder().decode(Matrix.self, from: data)
        }

        @Test(arguments: LabProgram.configurations)
        func configuration(_ name: String) async throws {
            let checks = try await Self.matrix.value.checks.filter { $0.configuration == name }
            #expect(checks.contains { $0.name == "answer" }, "no request was made")
            #expect(checks.contains { $0.name == "way" }, "the way was not looked at")
            for check in checks {
                #expect(check.isPassed, "\(check.name): \(check.detail)")
            }
        }

        @Test func coversEveryFolder() throws {
            let folder = try Tools.repository() + "/bookinfo/egress"
            let folders = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
                FileManager.default.fileExists(atPath: "\(folder)/\($0)/kustomization.yaml") && $0 != "parameters"
            }
            #expect(Set(folders) == Set(LabProgram.configurations))
        }

        /// On two cores it takes a minute and a half.
        @Test func takesLessThanFourMinutes() async throws {
            let seconds = try await Self.matrix.value.seconds
            #expect(seconds < 240)
        }
    }
}
