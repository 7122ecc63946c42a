import Foundation
import LocalMongo
import Processes

/// Configurations that several labs share: each takes the next one that nobody has taken.
///
/// Most of a lab's time is waiting. What the labs know of each other is a folder, which all see from their namespaces: a log
/// and a report for each configuration.
public struct SharedWork: Sendable {
    private static let variable = "MESH_LAB_SHARED"
    private let folder: String

    /// Of the lab that this process is; nil where it works by itself.
    public static var ofThisLab: SharedWork? {
        ProcessInfo.processInfo.environment[variable].map { SharedWork(folder: $0) }
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

    /// - Parameter report: what the lab found there.
    func finish(_ name: String, _ report: some Encodable) throws {
        try JSONEncoder().encode(report).write(to: URL(fileURLWithPath: self.report(name)), options: .atomic)
    }

    // MARK: Beside the labs

    /// Waits for all configurations, and tells what each lab says of its own: one configuration after the other, as they are
    /// named, and the one that is under way line by line.
    ///
    /// - Parameter missing: the report of a configuration whose lab ended before it was through with it.
    /// - Returns: the reports in the order of the names, and whether all labs ended well.
    func collect<Report: Decodable>(
        _ names: [String], from labs: [ChildProcess], missing: (String) -> Report
    ) async throws -> (reports: [Report], isWhole: Bool) {
        var reports: [Report] = []
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
                    reports.append(try JSONDecoder().decode(Report.self, from: report))
                    break
                }
                if hasEnded {
                    reports.append(missing(name))
                    break
                }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        var isWhole = true
        for lab in labs where await !lab.waitForExit().isSuccess { isWhole = false }
        return (reports, isWhole)
    }
}
