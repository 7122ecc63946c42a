import Faults
import Foundation
import LocalMongo
import Threads

/// Where a command asks for faults: a Unix socket in the run's own folder.
final class FaultControl: Sendable {
    /// Holds the socket's path in the command's environment.
    static let variable = "RATINGS_LOCAL_CONTROL"

    let path: String
    private let database: BreakableDatabase
    private let service: LocalService

    struct Reply: Sendable {
        var isGood: Bool
        var text: String
    }

    init(in directory: String, _ database: BreakableDatabase, _ service: LocalService) throws {
        path = "\(directory)/control"
        self.database = database
        self.service = service
        let listener = try UnixSocket.listen(at: path)
        Threads.Thread.detach { [self] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { continue }
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                let connection = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
                Threads.Thread.detach { [self] in
                    let line = Self.readAll(connection)
                    Task {
                        let reply = await answer(line)
                        try? connection.write(contentsOf: Data("\(reply.isGood ? "+" : "-")\(reply.text)".utf8))
                        try? connection.close()
                    }
                }
            }
        }
    }

    /// Asks from another process.
    static func ask(_ line: String, at path: String) throws -> Reply {
        let connection = try UnixSocket.connect(to: path)
        try connection.write(contentsOf: Data("\(line)\n".utf8))
        let text = readAll(connection)
        guard !text.isEmpty else { throw LocalMongoError("ratings-local exec has ended") }
        return Reply(isGood: text.hasPrefix("+"), text: String(text.dropFirst()))
    }

    /// Up to the end of a line or of the connection.
    private static func readAll(_ connection: FileHandle) -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while read(connection.fileDescriptor, &byte, 1) == 1, byte != UInt8(ascii: "\n") { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func answer(_ line: String) async -> Reply {
        let words = line.split(separator: " ").map(String.init)
        do {
            guard words.count == 2, let latency = Int(words[1]) else {
                throw LocalMongoError("not understood: \(line)")
            }
            let fault = LiveFault(words[0])
            return Reply(isGood: true, text: try await change(to: fault, latency: .milliseconds(latency)))
        } catch {
            return Reply(isGood: false, text: "\(error)".split(separator: "\n").joined(separator: " "))
        }
    }

    /// Makes a fault, or ends the one of now.
    ///
    /// - Returns: what was done.
    func change(to fault: LiveFault?, latency: Duration) async throws -> String {
        if let fault {
            try await database.begin(fault, latency: latency)
            if fault.isMomentary { try await service.waitForRating() }
            return "\(fault.name): \(fault.meaning); \(FaultCommand.ending(fault))"
        }
        try await database.end()
        try await service.waitForRating()
        return "none: the service has read a rating"
    }
}
