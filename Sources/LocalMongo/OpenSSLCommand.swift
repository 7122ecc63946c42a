import Processes

/// The `openssl` command (OpenSSL 3.0 or newer).
public enum OpenSSLCommand {
    /// Runs it to its end.
    ///
    /// - Throws: ``LocalMongoError`` with openssl's own words where it fails.
    public static func run(_ arguments: [String]) async throws {
        do {
            let result = try await CompletedProcess.run("openssl", arguments)
            // It was killed then, and has no words of its own.
            try Task.checkCancellation()
            guard result.status.isSuccess else {
                throw LocalMongoError("openssl \(arguments[0]) failed: \(result.standardError)")
            }
        } catch let error as ProcessError {
            throw LocalMongoError("openssl is needed to make certificates: \(error)")
        }
    }
}
