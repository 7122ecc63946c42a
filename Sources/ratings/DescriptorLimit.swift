import Glibc

/// How many files and sockets this process may have open (getrlimit(2)).
enum DescriptorLimit {
    /// What is kept for the database's connections and for all else that is no client's.
    private static let reserve = 64

    /// Raises the limit as far as the system lets a process do it by itself.
    ///
    /// - Returns: how many clients there may be.
    static func raise() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 - reserve }
        let hard = limit.rlim_max
        limit.rlim_cur = hard
        if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) != 0 {
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        return max(1, Int(min(limit.rlim_cur, 1 << 20)) - reserve)
    }
}
