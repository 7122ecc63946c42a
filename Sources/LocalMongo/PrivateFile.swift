import Foundation

/// Writes files that only their owner can read (mode 0600).
public enum PrivateFile {
    static func write(_ text: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw LocalMongoError("cannot write \(path): \(String(cString: strerror(errno)))")
        }
        try FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).write(contentsOf: Data(text.utf8))
    }

    /// Joins files into one, as mongod wants certificate and key.
    public static func join(_ paths: [String], into target: String) throws {
        try write(paths.map { try String(contentsOfFile: $0, encoding: .utf8) }.joined(), to: target)
    }
}
