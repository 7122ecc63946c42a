import Foundation

/// Finds programs.
public enum Executable {
    /// A path as it is, or the first executable file of that name on the `PATH`.
    ///
    /// - Throws: ``ProcessError`` where there is none.
    public static func locate(_ name: String) throws(ProcessError) -> String {
        if name.contains("/") {
            guard access(name, X_OK) == 0 else {
                throw ProcessError(
                    "\(name): \(String(cString: strerror(errno)))",
                    shellStatus: errno == ENOENT || errno == ENOTDIR ? 127 : 126)
            }
            guard isFile(name) else { throw ProcessError("\(name): is a directory", shellStatus: 126) }
            return name
        }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        for directory in path.split(separator: ":") {
            let candidate = "\(directory)/\(name)"
            if isFile(candidate), access(candidate, X_OK) == 0 { return candidate }
        }
        throw ProcessError("'\(name)' is not installed, or not on the PATH", shellStatus: 127)
    }

    private static func isFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
}
