import Foundation
import Threads

/// Directories to remove when this process ends by exit(3).
enum RemovalAtExit {
    private static let paths: Locked<Set<String>> = {
        atexit { removeAll() }
        return Locked([])
    }()

    static func include(_ path: String) {
        paths.withLock { _ = $0.insert(path) }
    }

    static func exclude(_ path: String) {
        paths.withLock { _ = $0.remove(path) }
    }

    /// A mongod that still runs, because the handler that ends children comes later, may make a file in a directory that is
    /// being emptied; it makes none where its own directory is gone.
    private static func removeAll() {
        for path in paths.withLock({ $0 }) {
            for _ in 0..<10 where (try? FileManager.default.removeItem(atPath: path)) != nil { break }
        }
    }
}
