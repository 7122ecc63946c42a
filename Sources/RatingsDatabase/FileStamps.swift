import Glibc

/// By what a file is seen to be another one or to have changed: kubelet swaps a link on the way to it, others write it anew.
struct FileStamps: Equatable, Sendable {
    private struct Stamp: Equatable, Sendable {
        let device: UInt64
        let number: UInt64
        let size: Int64
        let seconds: Int
        let nanoseconds: Int
    }

    /// `nil` for one that is not there.
    private let stamps: [Stamp?]

    init(of paths: [String]) {
        stamps = paths.map { path in
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            return Stamp(
                device: UInt64(status.st_dev), number: UInt64(status.st_ino), size: Int64(status.st_size),
                seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
        }
    }
}
