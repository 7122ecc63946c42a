import LocalMongo
import Processes
import Testing

@testable import MeshLab

/// Configurations that several labs share.
struct SharedWorkTests {
    @Test func everyConfigurationIsOneLabs() throws {
        let folder = try PrivateDirectory(name: "mesh-shared")
        let labs = [SharedWork(folder: folder.path), SharedWork(folder: folder.path)]
        #expect(labs.map { $0.take("tcp") } == [true, false])
        #expect(labs.reversed().map { $0.take("tls") } == [true, false])
    }

    @Test func reportsComeInTheOrderOfTheNames() async throws {
        let folder = try PrivateDirectory(name: "mesh-shared")
        let shared = SharedWork(folder: folder.path)
        for name in ["tls", "tcp"] where shared.take(name) { try shared.finish(name, [Self.passed(name)]) }
        let matrix = try await Matrix.collect(["tcp", "tls"], shared, from: [ChildProcess.start("true", [])])
        #expect(matrix.checks.map(\.configuration) == ["tcp", "tls"])
        #expect(matrix.isPassed)
    }

    @Test func aLabThatEndsTooEarlyIsAFailure() async throws {
        let folder = try PrivateDirectory(name: "mesh-shared")
        let shared = SharedWork(folder: folder.path)
        for name in ["tcp", "tls"] { #expect(shared.take(name)) }
        try shared.finish("tcp", [Self.passed("tcp")])
        let labs = [try await ChildProcess.start("false", [])]
        let matrix = try await Matrix.collect(["tcp", "tls"], shared, from: labs)
        #expect(matrix.checks.map(\.isPassed) == [true, false])
        #expect(matrix.checks.last?.detail == "the lab ended before it was through with it")
        let mutations = try await Mutations.collect(["tls"], shared, from: labs)
        #expect(mutations.failures == ["tls: the lab ended before it was through with it"])
    }

    @Test func aLabThatEndsBadlyIsAnError() async throws {
        let folder = try PrivateDirectory(name: "mesh-shared")
        let shared = SharedWork(folder: folder.path)
        #expect(shared.take("tcp"))
        try shared.finish("tcp", [Self.passed("tcp")])
        let labs = [try await ChildProcess.start("false", [])]
        await #expect(throws: LabError.self) { try await Matrix.collect(["tcp"], shared, from: labs) }
    }

    private static func passed(_ name: String) -> Check {
        Check(configuration: name, name: "answer", isPassed: true, detail: "", seconds: 0)
    }
}
