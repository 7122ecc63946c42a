import Foundation
import LocalMongo
import MeshLab
import Processes
import Threads

extension Mesh {
    /// Does its work in namespaces of its own: outside this program starts itself once more, inside it works.
    static func inside(_ work: () async throws -> Void) async throws {
        if Isolation.isInside {
            try await work()
            // The first process of the namespaces: its end takes everything down.
            return
        }
        let status = try await withLabs(1) { labs in await labs[0].waitForExit() }
        if case .exited(let code) = status { exit(code) }
        throw LabError("the lab was ended: \(status)")
    }

    /// Starts this program once more, with its arguments, in as many namespaces of their own as there are to be labs.
    ///
    /// - Parameters:
    ///   - environment: more than what the labs inherit.
    ///   - body: waits for them. A signal ends this process, and all labs with it.
    static func withLabs<Value>(
        _ count: Int, environment: [String: String] = [:], _ body: ([ChildProcess]) async throws -> Value
    ) async throws -> Value {
        _ = try Tools.locate()
        // libmongoc's counters, which it makes as it is loaded: a process that is killed would leave the file behind.
        unlink("/dev/shm/mongoc-\(getpid())")
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        var labs: [ChildProcess] = []
        for _ in 0..<count {
            labs.append(
                try await Isolation.start(own, Array(CommandLine.arguments.dropFirst()), environment: environment))
        }
        let received = Locked<Int32?>(nil)
        let signals = [SIGINT, SIGTERM, SIGHUP].map { [labs] number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler {
                received.withLock { $0 = number }
                // The kernel ends everything inside with it.
                for lab in labs { lab.send(.kill) }
            }
            source.resume()
            return source
        }
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(labs))
        } catch {
            result = .failure(error)
        }
        withExtendedLifetime(signals) {}
        if let number = received.withLock({ $0 }) {
            FileHandle.standardError.write(Data("\nmesh: ended, and everything is taken down\n".utf8))
            exit(128 + number)
        }
        return try result.get()
    }
}
