import Foundation
import LocalMongo

/// The folders of one run.
final class ExecPlace: Sendable {
    /// Removed at the end.
    let directory: PrivateDirectory
    /// Where mongod and ratings log.
    let logs: String
    private let isChosen: Bool
    /// Its lock keeps other runs out of a chosen folder.
    private let lock: FileHandle?

    /// - Parameter chosen: where logs are to be.
    /// - Throws: ``LocalMongoError`` where it cannot be made, or another run uses it.
    init(logs chosen: String?) throws {
        directory = try PrivateDirectory(name: "ratings-local")
        isChosen = chosen != nil
        guard let chosen else {
            logs = try directory.makeDirectory("logs")
            lock = nil
            return
        }
        do {
            try FileManager.default.createDirectory(atPath: chosen, withIntermediateDirectories: true)
        } catch {
            throw LocalMongoError("cannot make the folder \(chosen) for logs")
        }
        guard let path = realpath(chosen, nil) else { throw LocalMongoError("there is no folder \(chosen)") }
        defer { free(path) }
        logs = String(cString: path)
        let descriptor = open(logs, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        let lock = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw LocalMongoError("another run writes its logs to \(chosen)")
        }
        self.lock = lock
        for name in (try? FileManager.default.contentsOfDirectory(atPath: logs)) ?? [] where Self.isOurs(name) {
            unlink("\(logs)/\(name)")
        }
    }

    private static func isOurs(_ name: String) -> Bool {
        name == "ratings.log" || name.hasPrefix("mongod") && (name.hasSuffix(".log") || name.hasSuffix(".log.out"))
    }

    /// Keeps the logs beyond the end, and says where they are.
    func kept() -> String {
        "logs of mongod and ratings: \(keep())"
    }

    /// An error's text, with logs kept where it speaks of them.
    func explain(_ text: String) -> String {
        text.contains(logs) ? text.replacing(logs, with: keep()) : text
    }

    private func keep() -> String {
        guard !isChosen else { return logs }
        // Of another name than the run's own, which the next run would clear away.
        let parent = (directory.path as NSString).deletingLastPathComponent
        var template = Array("\(parent)/ratings-local-logs.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { return "lost, since \(parent) takes no folder" }
        let target = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        return rename(logs, target) == 0 ? target : "lost, since \(target) cannot be written"
    }
}
