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
        _ = try Tools.locate()
        // libmongoc's counters, which it makes as it is loaded: a process that is killed would leave the file behind.
        unlink("/dev/shm/mongoc-\(getpid())")
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let lab = try await Isolation.start(own, Array(CommandLine.arguments.dropFirst()))
        let received = Locked<Int32?>(nil)
        let signals = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler {
                received.withLock { $0 = number }
                // The kernel ends everything inside with it.
                lab.send(.kill)
            }
            source.resume()
            return source
        }
        let status = await lab.waitForExit()
        withExtendedLifetime(signals) {}
        if let number = received.withLock({ $0 }) {
            FileHandle.standardError.write(Data("\nmesh: ended, and everything is taken down\n".utf8))
            exit(128 + number)
        }
        if case .exited(let code) = status { exit(code) }
        throw LabError("the lab was ended: \(status)")
    }
}
