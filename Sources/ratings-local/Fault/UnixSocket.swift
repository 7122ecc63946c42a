import Foundation
import LocalMongo

/// A Unix socket that is asked with one line and answers with one.
enum UnixSocket {
    /// Whatever the length of the folder's path: an address has room for 107 bytes.
    private static func withAddress<Value>(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Value
    ) throws -> Value {
        let folder = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw failure("there is no \(path)") }
        defer { close(folder) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let short = "/proc/self/fd/\(folder)/\((path as NSString).lastPathComponent)"
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: short.utf8.prefix($0.count - 1)) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
    }

    /// A socket that listens.
    static func listen(at path: String) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard try withAddress(path, { bind(descriptor, $0, $1) }) == 0, Glibc.listen(descriptor, 64) == 0 else {
            throw failure("cannot listen at \(path)")
        }
        return descriptor
    }

    /// A connection.
    static func connect(to path: String) throws -> FileHandle {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let connection = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        guard try withAddress(path, { Glibc.connect(descriptor, $0, $1) }) == 0 else {
            throw failure("nobody answers at \(path)")
        }
        return connection
    }

    private static func failure(_ text: String) -> LocalMongoError {
        LocalMongoError("\(text): \(String(cString: strerror(errno)))")
    }
}
