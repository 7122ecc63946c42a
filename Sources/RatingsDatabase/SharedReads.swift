import Glibc
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import RatingsService

/// One read serves many requests: a request that arrives while a read is under way waits for the next one, and that
/// read's result answers every request that was waiting when it began.
///
/// So every value comes from a read that began after its request arrived, and the database sees a bounded number of
/// reads however many requests come in. Nothing is cached.
///
/// In a known outage requests fail at once, while reads without requests watch for the end of it. See ``ReadSchedule``
/// for the rules; this type adds the threads, the timer and the continuations.
public final class SharedReads<Value: Sendable>: Sendable {
    /// Reads a value. Blocks, so it runs on threads of its own. It calls `connected` once it has a connection.
    public typealias Read = @Sendable (_ connected: () -> Void) throws(RatingsUnavailable) -> Value

    private typealias Request = UnsafeContinuation<Result<Value, RatingsUnavailable>, Never>

    private let schedule: NIOLockedValueBox<ReadSchedule<Request>>
    private let threads: NIOThreadPool
    private let eventLoop: any EventLoop
    private let read: Read
    private let onResult: @Sendable (RatingsUnavailable?) -> Void
    private let unreachable: @Sendable () -> RatingsUnavailable?

    /// - Parameters:
    ///   - threads: where reads block; as many as `limits.concurrentReads`.
    ///   - eventLoop: keeps the time. Nothing blocks on it.
    ///   - read: one read.
    ///   - onResult: called after every read that tells how the database is, with its fault: on the thread that read, or
    ///     on `eventLoop` for one that overran the time-out.
    ///   - unreachable: the fault, while no server of the database answers its heartbeats. Must not block.
    public init(
        limits: ReadLimits,
        threads: NIOThreadPool,
        eventLoop: any EventLoop,
        onResult: @escaping @Sendable (RatingsUnavailable?) -> Void,
        unreachable: @escaping @Sendable () -> RatingsUnavailable?,
        read: @escaping Read
    ) {
        schedule = NIOLockedValueBox(ReadSchedule(limits: limits))
        self.threads = threads
        self.eventLoop = eventLoop
        self.onResult = onResult
        self.unreachable = unreachable
        self.read = read
    }

    /// A value from a read that begins after this call, within the limits' request time-out.
    public func value() async throws(RatingsUnavailable) -> Value {
        try await withUnsafeContinuation { request in
            let now = NIODeadline.now()
            let (fault, actions) = schedule.withLockedValue { $0.join(request, at: now) }
            if let fault { request.resume(returning: .failure(fault)) }
            perform(actions)
        }.get()
    }

    /// Reads once for nobody, so that the first request finds a warm connection, or a known outage.
    public func warmUp() {
        let now = NIODeadline.now()
        perform(
            schedule.withLockedValue { schedule in
                schedule.requestRead(at: now)
                return schedule.nextActions(at: now)
            })
    }

    private func perform(_ actions: ReadSchedule<Request>.Actions) {
        if let wakeUp = actions.wakeUp {
            eventLoop.scheduleTask(deadline: wakeUp) { self.wakeUp(wakeUp) }
        }
        if let read = actions.read {
            threads.submit { state in
                if case .active = state { self.run(read) }
            }
        }
    }

    /// Runs a read, and as long as another is due, that one on the same thread.
    private func run(_ first: ReadSchedule<Request>.ReadID) {
        var next: ReadSchedule<Request>.ReadID? = first
        while let id = next {
            let result = Result { () throws(RatingsUnavailable) in
                try read { schedule.withLockedValue { $0.connected(id) } }
            }
            let end = NIODeadline.now()
            let (requests, isNews, pauseUntil) = schedule.withLockedValue {
                $0.finish(id, fault: result.fault, at: end)
            }
            for request in requests { request.resume(returning: result) }
            if isNews { onResult(result.fault) }
            if let pauseUntil { Self.sleep(until: pauseUntil) }
            let now = NIODeadline.now()
            let actions = schedule.withLockedValue { schedule in
                if pauseUntil != nil { schedule.endPause() }
                return schedule.nextActions(at: now)
            }
            next = actions.read
            perform(.init(read: nil, wakeUp: actions.wakeUp))
        }
    }

    /// On a thread of our own, which has nothing else to do.
    private static func sleep(until deadline: NIODeadline) {
        let microseconds = (deadline - .now()).nanoseconds / 1000
        if microseconds > 0 { usleep(UInt32(microseconds)) }
    }

    private func wakeUp(_ scheduled: NIODeadline) {
        let unreachable = unreachable()
        let now = NIODeadline.now()
        typealias Expired = (requests: [Request], fault: RatingsUnavailable, isNews: Bool)
        let (expired, actions) = schedule.withLockedValue { schedule -> (Expired?, ReadSchedule<Request>.Actions) in
            if schedule.isObsolete(scheduled) { return (nil, .init()) }
            return (schedule.expire(at: now, unreachable: unreachable), schedule.nextActions(at: now))
        }
        if let expired {
            for request in expired.requests { request.resume(returning: .failure(expired.fault)) }
            if expired.isNews { onResult(expired.fault) }
        }
        perform(actions)
    }
}

extension Result {
    fileprivate var fault: Failure? {
        if case .failure(let fault) = self { fault } else { nil }
    }
}
