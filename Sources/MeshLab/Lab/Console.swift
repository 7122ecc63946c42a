import Foundation

/// Where the lab talks to a person: results on standard output, progress on standard error, neither held back by a buffer.
enum Console {
    static func say(_ text: String) {
        FileHandle.standardOutput.write(Data("\(text)\n".utf8))
    }

    static func tell(_ text: String) {
        FileHandle.standardError.write(Data("mesh: \(text)\n".utf8))
    }
}
