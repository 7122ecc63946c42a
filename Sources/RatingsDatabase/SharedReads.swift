import EventLoop
import RatingsService
import Threads

/// One read serves many requests: a request that arrives while a read is under way waits for the next one, and that
/// read's result answers every request that was waiting when it began.
///
/// So every value comes from a read that began after its request arrived, and the database sees a bounded number of
/// reads however many requests come in. Nothing is cached.
///
/// In a known outage requests fail at once, while reads without requests watch for the end of it. See ``ReadSchedule``
/// for the rules; this type adds the threads, the timer and the hand-over. It lives on the event loop.
final class SharedReads<Value: Sendable> {
    typealias Completion = (Result<Value, RatingsUnavailable>) -> Void

    private var schedule: ReadSchedule<Completion>
    private var orders: [Int: ReadingThreads<Value>.Order] = [:]
    /// A read that holds back, and for how many requests.
    private var heldBack: (order: ReadingThreads<Value>.Order, enough: Int)?
    private var hasNewRequests = false
    private let onResult: (RatingsUnavailable?) -> Void
    private let unreachable: () -> RatingsUnavailable?
    private var threads: ReadingThreads<Value>!
    private var turnEnd: TurnEnd!
    private var deadline: Deadline!

    /// - Parameters:
    ///   - onResult: called after every read that tells how the database is, with its fault.
    ///   - unreachable: the fault, while no server of the database answers its heartbeats.
    ///   - read: reads a value. Blocks, so it runs on threads of its own. It calls `connected` once it has a connection.
    init(
        on loop: EventLoop,
        limits: ReadLimits,
        onResult: @escaping (RatingsUnavailable?) -> Void,
        unreachable: @escaping () -> RatingsUnavailable?,
        read: @escaping ReadingThreads<Value>.Read
    ) {
        schedule = ReadSchedule(limits: limits)
        self.onResult = onResult
        self.unreachable = unreachable
        let ended = WakeUp(on: loop) { [unowned self] in readsEnded() }
        threads = ReadingThreads(count: limits.concurrentReads, read: read, ended: ended)
        // All requests of one turn are handed over together.
        turnEnd = TurnEnd(on: loop) { [unowned self] in turnEnded() }
        deadline = Deadline(on: loop) { [unowned self] in wakeUp() }
    }

    /// A value from a read that begins after this call, within the limits' request time-out.
    func value(_ completion: @escaping Completion) {
        if let fault = schedule.join(completion, at: .now) { return completion(.failure(fault)) }
        hasNewRequests = true
    }

    /// Reads once for nobody, so that the first request finds a warm connection, or a known outage.
    func warmUp() {
        schedule.requestRead(at: .now)
        proceed()
    }

    /// Begins no read any more.
    ///
    /// - Parameter stopped: called when none is under way any more, on a thread where it may block.
    func stop(_ stopped: @escaping @Sendable () -> Void) {
        threads.stop(stopped)
    }

    private func turnEnded() {
        guard hasNewRequests else { return }
        hasNewRequests = false
        proceed()
    }

    private func proceed() {
        if schedule.mayPutOff(at: .now), let fault = unreachable() {
            schedule.putOff(at: .now)
            onResult(fault)
        }
        if let read = schedule.nextRead(at: .now) {
            let order = ReadingThreads<Value>.Order(id: read.id, notBefore: read.notBefore)
            orders[read.id] = order
            if read.notBefore > .now { heldBack = (order, read.enough) }
            threads.begin(order)
        }
        if let (order, enough) = heldBack, schedule.waitingCount >= enough {
            order.release()
            heldBack = nil
        }
        deadline.time = schedule.wakeUp
    }

    private func readsEnded() {
        for outcome in threads.takeOutcomes() {
            orders.removeValue(forKey: outcome.id)
            if heldBack?.order.id == outcome.id { heldBack = nil }
            let fault: RatingsUnavailable? = if case .failure(let fault) = outcome.result { fault } else { nil }
            let (requests, isNews) = schedule.finish(outcome.id, began: outcome.began, fault: fault, at: .now)
            // The next read goes on beside the answers of this one.
            proceed()
            // The log knows the cause by the time that a caller sees the fault.
            if isNews { onResult(fault) }
            for complete in requests { complete(outcome.result) }
        }
    }

    private func wakeUp() {
        for order in orders.values where order.isConnected { schedule.connected(order.id) }
        if let (requests, fault) = schedule.expire(at: .now, unreachable: unreachable()) {
            onResult(fault)
            for complete in requests { complete(.failure(fault)) }
        }
        proceed()
    }
}
