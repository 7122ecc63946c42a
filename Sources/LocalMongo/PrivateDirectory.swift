import Foundation

/// A directory of one run that nobody else can read (mode 0700), below `TMPDIR` or `/tmp`.
///
/// It is removed when the last reference goes, by ``remove()``, or when the process ends by exit(3). A process that is
/// killed leaves it behind, and the next one that makes a directory of the same name removes it: its owner's lock is gone
/// then.
public final class PrivateDirectory: Sendable {
    public let path: String
    /// Holds the lock for as long as this process lives.
    private let lock: FileHandle

    /// - Parameter name: the beginning of the directory's name.
    /// - Throws: ``LocalMongoError`` where it cannot be made.
    public init(name: String) throws {
        let parent = ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        Self.removeAbandoned(name: name, in: parent)
        var template = Array("\(parent)/\(name).XXXXXX".utf8CString)
        // mkdtemp(3) makes it with mode 0700.
        guard mkdtemp(&template) != nil else {
            throw LocalMongoError("cannot make a directory in \(parent): \(String(cString: strerror(errno)))")
        }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        guard let lock = Self.lock(path) else {
            throw LocalMongoError("cannot lock \(path): \(String(cString: strerror(errno)))")
        }
        self.lock = lock
        RemovalAtExit.include(path)
    }

    deinit { remove() }

    /// Removes the directory with all that is in it. Nothing happens where it is gone already.
    public func remove() {
        try? FileManager.default.removeItem(atPath: path)
        RemovalAtExit.exclude(path)
    }

    /// The path of something in it.
    public func appending(_ component: String) -> String {
        path + "/" + component
    }

    /// Makes a directory in it, with mode 0700.
    public func makeDirectory(_ component: String) throws -> String {
        let directory = appending(component)
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
            throw LocalMongoError("cannot make \(directory): \(String(cString: strerror(errno)))")
        }
        return directory
    }

    /// Makes the lock's file where it is missing: a removal that was interrupted may have left the rest behind. A process
    /// ID would not do: a run in a PID namespace of its own shares /tmp with others.
    private static func lock(_ directory: String) -> FileHandle? {
        let descriptor = open("\(directory)/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        return flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? file : nil
    }

    private static func removeAbandoned(name: String, in parent: String) {
        for entry in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        where entry.hasPrefix(name + ".") {
            let path = "\(parent)/\(entry)"
            var status = stat()
            // A young one may be about to be locked.
            guard lstat(path, &status) == 0, status.st_uid == getuid(), status.st_mtim.tv_sec < time(nil) - 60,
                let lock = lock(path)
            else { continue }
            try? FileManager.default.removeItem(atPath: path)
            withExtendedLifetime(lock) {}
        }
    }
}
