import Foundation

/// Finds the mongod to run.
public enum MongodBinary {
    /// The program that the environment variable `MONGOD` names, else `mongod` on the `PATH`, else the one that
    /// `.ci/fetch-tools mongod` has put below `directory`, one of its parents, or one of those of this program.
    ///
    /// - Parameter directory: where to begin to look for `.cache/tools/bin/mongod`.
    /// - Throws: ``LocalMongoError`` that says how to get one.
    public static func locate(
        from directory: String = FileManager.default.currentDirectoryPath,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> String {
        if let named = environment["MONGOD"], !named.isEmpty {
            guard isExecutable(named) else {
                throw LocalMongoError("MONGOD names '\(named)', which is not an executable file")
            }
            return named
        }
        let searched = (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/mongod" }
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/"
        let parents = [directory, own].flatMap {
            sequence(first: $0) { $0 == "/" ? nil : ($0 as NSString).deletingLastPathComponent }
        }
        let fetched = parents.map { ($0 as NSString).appendingPathComponent(".cache/tools/bin/mongod") }
        if let found = (searched + fetched).first(where: isExecutable) { return found }
        throw LocalMongoError("no mongod: set MONGOD, put one on the PATH, or run .ci/fetch-tools mongod")
    }

    private static func isExecutable(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && !isDirectory.boolValue
            && FileManager.default.isExecutableFile(atPath: path)
    }
}
