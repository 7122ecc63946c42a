import Foundation

/// Lines for the person at the terminal, on standard error: standard output belongs to the service.
enum Terminal {
    static func say(_ line: String) {
        FileHandle.standardError.write(Data("ratings-local: \(line)\n".utf8))
    }

    static func show(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
