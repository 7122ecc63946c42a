import NIOCore
import RatingsService

/// Decides when reads begin and which requests each one answers: a value without threads, clocks or I/O.
///
/// - A request joins the waiting ones. A read takes all who wait when it begins.
/// - A read begins when somebody waits and none is under way, or the youngest is older than the stagger.
/// - A fault of the connection, or a read that overruns the time-out, begins an outage: requests fail at once with its
///   fault, and reads without requests go on as long as requests came lately. The first read that succeeds ends it.
/// - After a read that many shared there is a pause, as long as the read took but short, so that many share the next one
///   too.
/// - Reads may end in another order than they began. A fault counts only if no read that began later has succeeded.
struct ReadSchedule<Request: Sendable>: Sendable {
    typealias ReadID = Int

    struct Actions {
        /// A read to run now.
        var read: ReadID?
        /// When to call ``expire(at:)``, unless ``isObsolete(_:)`` by then.
        var wakeUp: NIODeadline?
    }

    private struct Waiting {
        let request: Request
        let arrival: NIODeadline
    }

    private struct Read {
        var requests: [Waiting]
        let began: NIODeadline
        var isConnected = false
    }

    private let limits: ReadLimits
    private var waiting: [Waiting] = []
    private var reads: [ReadID: Read] = [:]
    private var nextID = 0
    private var lastSuccess = -1
    private var lastBegin: NIODeadline?
    /// Between a read that many shared and the next one, while more requests come together.
    private var isPausing = false
    private var outage: RatingsUnavailable?
    private var lastRequest = NIODeadline.uptimeNanoseconds(0)
    /// When a read for nobody is due.
    private var readDue: NIODeadline?
    private var wakeUp: NIODeadline?
    private var lastLook = NIODeadline.uptimeNanoseconds(0)

    init(limits: ReadLimits) {
        self.limits = limits
    }

    /// Adds a request; or refuses it with the fault of an outage that is being watched.
    mutating func join(_ request: Request, at now: NIODeadline) -> (fault: RatingsUnavailable?, actions: Actions) {
        lastRequest = now
        // Nobody has looked for a while: what was known is no longer.
        if reads.isEmpty, readDue == nil { outage = nil }
        if let outage { return (outage, Actions()) }
        waiting.append(Waiting(request: request, arrival: now))
        // Who joins others changes nothing: what has to happen for them will happen for all.
        return (nil, waiting.count == 1 ? nextActions(at: now) : Actions())
    }

    /// Asks for a read that answers nobody.
    mutating func requestRead(at now: NIODeadline) {
        lastRequest = now
        readDue = now
    }

    /// What is to be done at this moment. Ask after every call that returns no actions.
    mutating func nextActions(at now: NIODeadline) -> Actions {
        Actions(read: beginRead(at: now), wakeUp: nextWakeUp(at: now))
    }

    /// The read has a connection: from here on it fails with "could not load".
    mutating func connected(_ id: ReadID) {
        reads[id]?.isConnected = true
    }

    /// Ends a read.
    ///
    /// - Returns: the requests that its result answers; whether it tells how the database is, which a read that began before
    ///   one that has succeeded does not; and until when to pause before ``endPause()`` and the next read,
    ///   if many shared this one.
    mutating func finish(
        _ id: ReadID,
        fault: RatingsUnavailable?,
        at now: NIODeadline
    ) -> (requests: [Request], isNews: Bool, pauseUntil: NIODeadline?) {
        guard let read = reads.removeValue(forKey: id) else { return ([], false, nil) }
        let isNews = id > lastSuccess
        let requests = read.requests.map(\.request) + (isNews ? settle(id, fault: fault, at: now) : [])
        isPausing = read.requests.count >= limits.manyRequests && reads.isEmpty
        return (requests, isNews, isPausing ? now + min(now - read.began, limits.longestPause) : nil)
    }

    mutating func endPause() {
        isPausing = false
    }

    /// Takes notice of a read's result. Returns the requests that fail with it besides its own.
    private mutating func settle(_ id: ReadID, fault: RatingsUnavailable?, at now: NIODeadline) -> [Request] {
        if let fault {
            return fault.step == .connect || outage != nil ? beginOutage(fault, at: now) : []
        }
        lastSuccess = id
        outage = nil
        readDue = nil
        return []
    }

    /// To be called at the time of ``Actions/wakeUp``. Takes out the requests whose time is over; their read goes on.
    /// Everybody else who waits fails with them where an outage begins.
    ///
    /// - Parameter unreachable: the fault, where no server of the database answers its heartbeats.
    /// - Returns: the requests that fail, with what, and whether it tells how the database is, as for ``finish(_:fault:at:)``.
    mutating func expire(
        at now: NIODeadline,
        unreachable: RatingsUnavailable? = nil
    ) -> (requests: [Request], fault: RatingsUnavailable, isNews: Bool)? {
        wakeUp = nil
        lastLook = now
        let limit = now - (unreachable == nil ? limits.requestTimeout : limits.unreachableTimeout)
        let isOverdue = { (request: Waiting) in request.arrival <= limit }
        let overdue = reads.filter { $0.value.requests.contains(where: isOverdue) }.keys
        guard !overdue.isEmpty || waiting.contains(where: isOverdue) else { return nil }
        let oldest = reads.min { $0.key < $1.key }?.value
        let fault =
            unreachable
            ?? RatingsUnavailable(
                step: oldest?.isConnected == true ? .load : .connect,
                reason: "no answer within \(limits.requestTimeout.nanoseconds / 1_000_000) ms"
            )
        var expired: [Request] = []
        for id in overdue {
            expired += reads[id]?.requests.filter(isOverdue).map(\.request) ?? []
            reads[id]?.requests.removeAll(where: isOverdue)
        }
        // A read that hangs beside later ones that succeed is no outage.
        let isOutage = overdue.contains { $0 > lastSuccess } || waiting.contains(where: isOverdue)
        return (expired + (isOutage ? beginOutage(fault, at: now) : []), fault, isOutage)
    }

    /// Whether an earlier wake-up has taken this one's place.
    func isObsolete(_ wakeUp: NIODeadline) -> Bool { wakeUp != self.wakeUp }

    /// Returns everybody who waits for a read that has not begun.
    private mutating func beginOutage(_ fault: RatingsUnavailable, at now: NIODeadline) -> [Request] {
        defer { waiting.removeAll(keepingCapacity: true) }
        outage = fault
        watchOutage(from: now)
        return waiting.map(\.request)
    }

    private mutating func watchOutage(from now: NIODeadline) {
        readDue = now - lastRequest < limits.outageWatch ? now + limits.outageReadInterval : nil
    }

    private mutating func beginRead(at now: NIODeadline) -> ReadID? {
        if outage != nil, now - lastRequest >= limits.outageWatch { readDue = nil }
        let isDue = !waiting.isEmpty || readDue.map { $0 <= now } == true
        guard isDue, !isPausing, reads.count < limits.concurrentReads, earliestBegin <= now else { return nil }
        let id = nextID
        nextID += 1
        reads[id] = Read(requests: waiting, began: now)
        waiting = []
        lastBegin = now
        readDue = outage == nil ? nil : now + limits.stagger
        return id
    }

    /// When the next read may begin.
    private var earliestBegin: NIODeadline {
        guard !reads.isEmpty, let lastBegin else { return .uptimeNanoseconds(0) }
        return lastBegin + limits.stagger
    }

    /// The next moment at which something is due, where no earlier wake-up is set. A read's end needs none.
    private mutating func nextWakeUp(at now: NIODeadline) -> NIODeadline? {
        var next: NIODeadline?
        func consider(_ deadline: NIODeadline?) {
            if let deadline { next = min(next ?? deadline, deadline) }
        }
        for first in reads.values.compactMap(\.requests.first) + waiting.prefix(1) {
            let early = first.arrival + limits.unreachableTimeout
            consider(early > lastLook ? early : first.arrival + limits.requestTimeout)
        }
        if !isPausing, reads.count < limits.concurrentReads {
            if !waiting.isEmpty { consider(earliestBegin) }
            consider(readDue.map { max($0, earliestBegin) })
        }
        guard let next, next < wakeUp ?? .distantFuture else { return nil }
        wakeUp = next
        return next
    }
}
