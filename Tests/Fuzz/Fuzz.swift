import Foundation
import RecordedStreams

/// What `make fuzz` runs: libFuzzer (<https://llvm.org/docs/LibFuzzer.html>) on what takes bytes of strangers.
///
/// `ratings-fuzz corpus DIRECTORY` writes the inputs to begin with; `ratings-fuzz PART OPTION…` fuzzes one part.
@main
enum Fuzz {
    /// By the part's name: one run on an input. It traps where the part contradicts itself.
    static let parts: [String: @Sendable (UnsafeRawBufferPointer) -> Void] = [
        "requests": FuzzedParts.requests, "json": FuzzedParts.json, "url": FuzzedParts.url,
    ]

    nonisolated(unsafe) static var part: (@Sendable (UnsafeRawBufferPointer) -> Void) = { _ in }

    static func main() throws {
        let arguments = CommandLine.arguments
        if arguments.count == 3, arguments[1] == "corpus" { return try FuzzCorpus.write(to: arguments[2]) }
        guard arguments.count > 1, let part = parts[arguments[1]] else {
            FileHandle.standardError.write(
                Data("usage: ratings-fuzz corpus DIRECTORY | requests|json|url OPTION…\n".utf8))
            exit(64)
        }
        self.part = part
        var count = Int32(arguments.count - 1)
        var values = ([arguments[0]] + arguments.dropFirst(2)).map { strdup($0) } + [nil]
        values.withUnsafeMutableBufferPointer { values in
            var start = values.baseAddress
            exit(runFuzzer(&count, &start, runOne))
        }
    }
}

/// libFuzzer's own loop; its `main` is not linked, since Swift has one.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ run: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

private func runOne(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    Fuzz.part(UnsafeRawBufferPointer(start: data, count: count))
    return 0
}
