import Foundation
import LocalMongo
import Processes

/// A matrix that several labs share: each takes the next configuration that nobody has taken.
///
/// Most of a lab's time is waiting. What the labs know of each other is a folder, which all see from their namespaces: a log
/// and a report for each configuration.
public struct SharedMatrix: Sendable {
    private static let variable = "MESH_LAB_SHARED"
    private let folder: String

    /// Of the lab that this process is; nil where it works by itself.
    public static var ofThisLab: SharedMatrix? {
        ProcessInfo.processInfo.environment[variable].map { SharedMatrix(folder: $0) }
    }

    /// - Parameter folder: an empty one.
    public init(folder: String) {
        self.folder = folder
    }

    /// What a lab that takes its share is told by.
    public var environment: [String: String] { [Self.variable: folder] }

    private func log(_ name: String) -> String { "\(folder)/\(name).log" }
    private func report(_ name: String) -> String { "\(folder)/\(name).json" }

    // MARK: In a lab

    /// Whether the configuration is this lab's from now on.
    func take(_ name: String) -> Bool {
        let descriptor = open(log(name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return true
    }

    func tell(_ text: String, of name: String) {
        guard let file = FileHandle(forWritingAtPath: log(name)) else { return }
        file.seekToEndOfFile()
        file.write(Data("mesh: \(text)\n".utf8))
    }

    func finish(_ name: String, _ checks: [Check]) throws {
        try JSONEncoder().encode(checks).write(to: URL(fileURLWithPath: report(name)), options: .atomic)
    }

    // MARK: Beside the labs

    /// Waits for all configurations, and tells what each lab says of its own: one configuration after the other, as they are
    /// named, and the one that is under way line by line.
    ///
    /// - Throws: ``LabError`` where a lab ended badly.
    public func collect(_ names: [String], from labs: [ChildProcess]) async throws -> Matrix {
        let start = ContinuousClock.now
        var checks: [Check] = []
        for name in names {
            var told = 0
            while true {
                // First: what has been told by then is in the log.
                let hasEnded = !labs.contains(where: \.isRunning)
                let report = FileManager.default.contents(atPath: report(name))
                let text = FileManager.default.contents(atPath: log(name)) ?? Data()
                FileHandle.standardError.write(text.dropFirst(told))
                told = text.count
                if let report {
                    checks += try JSONDecoder().decode([Check].self, from: report)
                    break
                }
                if hasEnded {
                    checks.append(
                        Check(
                            configuration: name, name: "bring-up", isPassed: false,
                            detail: "the lab ended before it was through with it", seconds: 0))
                    break
                }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        for lab in labs {
            let status = await lab.waitForExit()
            if !status.isSuccess, checks.allSatisfy(\.isPassed) { throw LabError("a lab ended with \(status)") }
        }
        return Matrix(checks: checks, seconds: (ContinuousClock.now - start).seconds)
    }
}
