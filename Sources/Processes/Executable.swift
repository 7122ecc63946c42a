import Foundation

/// Finds programs.
public enum Executable {
    /// A path as it is, or the first executable file of that name on the `PATH`.
    ///
    /// - Throws: ``ProcessError`` where there is none.
    public static func locate(_ name: String) throws(ProcessError) -> String {
        if name.contains("/") {
            guard access(name, X_OK) == 0 else {
                throw ProcessError("\(name): \(String(cString: strerror(errno)))")
            }
            return name
        }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        for directory in path.split(separator: ":") {
            let candidate = "\(directory)/\(name)"
            var status = stat()
            if stat(candidate, &status) == 0, status.st_mode & S_IFMT == S_IFREG, access(candidate, X_OK) == 0 {
                return candidate
            }
        }
        throw ProcessError("'\(name)' is not installed, or not on the PATH")
    }
}
