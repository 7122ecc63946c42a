import Foundation
import LocalMongo

/// A named pipe that is full, and that nobody reads until the test does.
final class UnreadPipe {
    let path: String
    private let directory: PrivateDirectory
    private let descriptor: Int32

    init() throws {
        directory = try PrivateDirectory(name: "unread-pipe")
        path = directory.appending("pipe")
        guard mkfifo(path, 0o600) == 0 else { throw LocalMongoError("no pipe: \(String(cString: strerror(errno)))") }
        // Opened for both, it waits for nobody (fifo(7)).
        descriptor = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        let dots = [UInt8](repeating: UInt8(ascii: "."), count: 4096)
        while write(descriptor, dots, dots.count) > 0 {}
    }

    deinit { close(descriptor) }

    /// What is in it now.
    func read() -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }
}
