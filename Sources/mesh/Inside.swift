import Foundation
import LocalMongo
import MeshLab

/// A command that does its work in namespaces of its own: outside it starts itself once more, inside it works.
protocol InsideCommand {
    func work() async throws
}

extension InsideCommand {
    func runInside() async throws {
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
        let signals = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler {
                // The kernel ends everything inside with it.
                kill(lab.pid, SIGKILL)
                FileHandle.standardError.write(Data("\nmesh: ended, everything is taken down\n".utf8))
                exit(128 + number)
            }
            source.resume()
            return source
        }
        let status = try await lab.waitForExit()
        withExtendedLifetime(signals) {}
        if case .exited(let code) = status { exit(code) }
        throw LabError("the lab was ended: \(status)")
    }
}
