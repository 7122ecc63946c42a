import EventLoop
import HTTP1
import Log
import Threads

/// What the log says of a request at the level debug.
struct RequestRecord {
    private let began = MonotonicTime.now
    private let metadata: [String: String]

    init(_ head: RequestHead) {
        metadata = [
            "method": head.method.name,
            "path": String(decoding: head.target, as: UTF8.self),
            "x-request-id": head.requestID.isEmpty ? "-" : String(decoding: head.requestID, as: UTF8.self),
        ]
    }

    func write(to logger: Logger, status: Int) {
        let tenths = ((MonotonicTime.now - began).nanoseconds + 50_000) / 100_000
        let more = ["status": "\(status)", "ms": "\(tenths / 10).\(tenths % 10)"]
        logger.debug("request", metadata: metadata.merging(more) { $1 })
    }
}
