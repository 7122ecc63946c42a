import Foundation

/// Under a sanitizer (`make sanitize` sets `SANITIZER`) programs run 5 to 15 times slower, and limits on time say little;
/// what counts there is what the sanitizer finds.
enum Slowness {
    static let isSanitized = ProcessInfo.processInfo.environment["SANITIZER"]?.isEmpty == false
    static let factor = isSanitized ? 10 : 1
}

/// No request ever takes longer, whatever the database does.
let requestLimit = Duration.seconds(2) * (Slowness.isSanitized ? 3 : 1)

/// From SIGTERM to the end of the process.
let shutdownLimit = Duration.seconds(3) * (Slowness.isSanitized ? 3 : 1)
