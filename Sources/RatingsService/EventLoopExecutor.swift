import NIOConcurrencyHelpers
import NIOCore

/// Runs tasks on an event loop. A connection's task then needs no change of threads between reading a request and
/// writing its answer.
///
/// Jobs that become ready together, as those of all requests that one read answers, share one turn of the loop.
final class EventLoopExecutor: TaskExecutor {
    private let eventLoop: any EventLoop
    private let ready = NIOLockedValueBox<[UnownedJob]>([])

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// An executor for each loop of a group.
    static func all(of group: any EventLoopGroup) -> [ObjectIdentifier: EventLoopExecutor] {
        let loops = Array(group.makeIterator())
        return Dictionary(uniqueKeysWithValues: loops.map { (ObjectIdentifier($0), EventLoopExecutor($0)) })
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isFirst = ready.withLockedValue { jobs in
            jobs.append(job)
            return jobs.count == 1
        }
        if isFirst { eventLoop.execute { self.runReadyJobs() } }
    }

    private func runReadyJobs() {
        let jobs = ready.withLockedValue { jobs in
            let ready = jobs
            jobs = []
            return ready
        }
        for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}
