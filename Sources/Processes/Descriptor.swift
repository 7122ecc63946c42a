import Foundation

/// Owns a file descriptor.
final class Descriptor: Sendable {
    let number: Int32

    init(owning number: Int32) {
        self.number = number
    }

    deinit { close(number) }

    /// Opens a file, making it with mode 0600 where `flags` say so.
    static func open(_ path: String, _ flags: Int32) throws(ProcessError) -> Descriptor {
        let number = Glibc.open(path, flags | O_CLOEXEC, 0o600)
        guard number >= 0 else {
            throw ProcessError("cannot open \(path): \(String(cString: strerror(errno)))")
        }
        return Descriptor(owning: number)
    }

    /// Both ends of a pipe. A child that is started at this very moment must not get them: it would hold the pipe open for as
    /// long as it lives, and whoever reads it would wait.
    static func pipe() throws(ProcessError) -> (reading: Descriptor, writing: Descriptor) {
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else {
            throw ProcessError("no pipe: \(String(cString: strerror(errno)))")
        }
        return (Descriptor(owning: ends[0]), Descriptor(owning: ends[1]))
    }

    /// Everything up to the end. Blocks.
    func readAll() -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(number, &buffer, buffer.count)
            if count > 0 { bytes += buffer[..<count] }
            if count == 0 || count < 0 && errno != EINTR { return bytes }
        }
    }

    /// Writes everything, as far as there is a reader. Blocks.
    func writeAll(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(number, $0.baseAddress, $0.count) }
            if count > 0 { rest = rest.dropFirst(count) }
            if count < 0 && errno != EINTR { return }
        }
    }
}

/// pipe2(2). glibc shows it to programs with its own extensions only, which Swift's module of it has not.
@_silgen_name("pipe2")
private func pipe2(_ ends: UnsafeMutablePointer<Int32>, _ flags: Int32) -> Int32
