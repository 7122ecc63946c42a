import EventLoop
import RatingsService
import Threads

/// Decides when reads begin and which requests each one answers: a value without threads, clocks or I/O.
///
/// - A request waits for a read that begins after it. The end of such a read answers all who wait for one.
/// - A read begins when somebody waits whom none under way will answer, and none is under way or the youngest is older than
///   the stagger.
/// - A fault of the connection, or a request that overruns its time, begins an outage: requests fail at once with its
///   fault, and reads without requests go on as long as requests came lately. The first read that succeeds ends it. Where a
///   server refuses us these are rarer, and where none answers its heartbeats for long there are none until one does.
/// - After a read that many shared the next one holds back for as long as the read took, but not for long, and not when as
///   many wait again, so that many share that one too.
/// - Reads may end in another order than they began. A fault counts only if no read that began later has succeeded.
struct ReadSchedule<Request> {
    typealias ReadID = Int

    /// A read that is to begin.
    struct Begin: Equatable {
        let id: ReadID
        /// It holds back until then, so that more requests share it; or until as many wait as ``enough``.
        let notBefore: MonotonicTime
        /// As many requests as the last read answered: their clients ask again.
        let enough: Int
    }

    private struct Waiting {
        let request: Request
        let arrival: MonotonicTime
    }

    private struct Read {
        /// The read begins at this time or later, so it answers all who came before.
        let ordered: MonotonicTime
        var isConnected = false
    }

    private let limits: ReadLimits
    /// In the order of their arrival.
    private var waiting: [Waiting] = []
    private var reads: [ReadID: Read] = [:]
    private var nextID = 0
    private var lastSuccess = -1
    private var lastOrder = MonotonicTime(nanoseconds: 0)
    /// Until when the next read holds back, and for how many requests.
    private var pauseEnd = MonotonicTime(nanoseconds: 0)
    private var lastShare = 0
    private var outage: RatingsUnavailable? {
        didSet { if outage == nil { outageBegin = nil } }
    }
    private var outageBegin: MonotonicTime?
    private var lastRequest = MonotonicTime(nanoseconds: 0)
    /// When a read for nobody is due.
    private var readDue: MonotonicTime?
    private var lastLook = MonotonicTime(nanoseconds: 0)

    init(limits: ReadLimits) {
        self.limits = limits
    }

    /// Adds a request; or refuses it with the fault of an outage that is being watched.
    ///
    /// - Parameter now: not before the request was received, nor before an earlier call.
    mutating func join(_ request: Request, at now: MonotonicTime) -> RatingsUnavailable? {
        lastRequest = now
        // Nobody has looked for a while: what was known is no longer.
        if reads.isEmpty, readDue == nil { outage = nil }
        if let outage { return outage }
        waiting.append(Waiting(request: request, arrival: now))
        return nil
    }

    /// Asks for a read that answers nobody.
    mutating func requestRead(at now: MonotonicTime) {
        lastRequest = now
        readDue = now
    }

    /// The read that is to begin now. Ask after every change, and at ``wakeUp``.
    mutating func nextRead(at now: MonotonicTime) -> Begin? {
        if outage != nil, now - lastRequest >= limits.outageWatch { readDue = nil }
        let isDue = isAnybodyUncovered || readDue.map { $0 <= now } == true
        guard isDue, reads.count < limits.concurrentReads, earliestOrder <= now else { return nil }
        let id = nextID
        nextID += 1
        reads[id] = Read(ordered: now)
        lastOrder = now
        readDue = outage.map { now + ($0.isRefusal ? limits.refusalInterval : limits.stagger) }
        return Begin(id: id, notBefore: max(now, pauseEnd), enough: lastShare)
    }

    /// Whether a read for nobody is due that heartbeats could take the place of: in an outage that has lasted.
    func mayPutOff(at now: MonotonicTime) -> Bool {
        guard let outageBegin, let readDue, waiting.isEmpty else { return false }
        return readDue <= now && now - outageBegin >= limits.closeWatch && now - lastRequest < limits.outageWatch
    }

    /// Takes the heartbeats' word in the place of a read: none of them has an answer.
    mutating func putOff(at now: MonotonicTime) {
        readDue = now + limits.outageReadInterval
    }

    /// The read has a connection: from here on it fails with "could not load".
    mutating func connected(_ id: ReadID) {
        reads[id]?.isConnected = true
    }

    /// Ends a read.
    ///
    /// - Parameter began: when it really began.
    /// - Returns: the requests that its result answers; and whether it tells how the database is, which a read that began
    ///   before one that has succeeded does not.
    mutating func finish(
        _ id: ReadID,
        began: MonotonicTime,
        fault: RatingsUnavailable?,
        at now: MonotonicTime
    ) -> (requests: [Request], isNews: Bool) {
        guard reads.removeValue(forKey: id) != nil else { return ([], false) }
        guard id > lastSuccess else { return ([], false) }
        let requests = takeRequests(until: began)
        if requests.count >= limits.manyRequests, reads.isEmpty {
            pauseEnd = now + min(now - began, limits.longestPause)
            lastShare = requests.count
        }
        return (requests + settle(id, fault: fault, at: now), true)
    }

    /// Takes notice of a read's result. Returns the requests that fail with it besides its own.
    private mutating func settle(_ id: ReadID, fault: RatingsUnavailable?, at now: MonotonicTime) -> [Request] {
        if let fault {
            return fault.step == .connect || outage != nil ? beginOutage(fault, at: now) : []
        }
        lastSuccess = id
        outage = nil
        readDue = nil
        return []
    }

    /// Takes out the requests whose time is over; their read goes on. Everybody whom no read under way will answer fails
    /// with them.
    ///
    /// - Parameter unreachable: the fault, where no server of the database answers its heartbeats.
    /// - Returns: the requests that fail, and with what.
    mutating func expire(
        at now: MonotonicTime,
        unreachable: RatingsUnavailable? = nil
    ) -> (requests: [Request], fault: RatingsUnavailable)? {
        lastLook = now
        let overdue = takeRequests(
            until: now - (unreachable == nil ? limits.requestTimeout : limits.unreachableTimeout))
        guard !overdue.isEmpty else { return nil }
        let oldest = reads.min { $0.key < $1.key }?.value
        let fault =
            unreachable
            ?? RatingsUnavailable(
                step: oldest?.isConnected == true ? .load : .connect,
                reason: "no answer within \(limits.requestTimeout.milliseconds) ms"
            )
        return (overdue + beginOutage(fault, at: now), fault)
    }

    /// How many requests wait.
    var waitingCount: Int { waiting.count }

    /// Returns everybody whom no read under way will answer.
    private mutating func beginOutage(_ fault: RatingsUnavailable, at now: MonotonicTime) -> [Request] {
        let covered = waiting.prefix { $0.arrival <= coveredUntil }.count
        defer { waiting.removeSubrange(covered...) }
        outage = fault
        outageBegin = outageBegin ?? now
        let interval = fault.isRefusal ? limits.refusalInterval : limits.outageReadInterval
        readDue = now - lastRequest < limits.outageWatch ? now + interval : nil
        return waiting[covered...].map(\.request)
    }

    private mutating func takeRequests(until time: MonotonicTime) -> [Request] {
        let count = waiting.prefix { $0.arrival <= time }.count
        defer { waiting.removeFirst(count) }
        return waiting[..<count].map(\.request)
    }

    /// Who came until then is answered by a read under way.
    private var coveredUntil: MonotonicTime { reads.isEmpty ? MonotonicTime(nanoseconds: 0) : lastOrder }

    private var isAnybodyUncovered: Bool { waiting.last.map { $0.arrival > coveredUntil } ?? false }

    /// When the next read may begin.
    private var earliestOrder: MonotonicTime {
        reads.isEmpty ? MonotonicTime(nanoseconds: 0) : lastOrder + limits.stagger
    }

    /// The next moment at which ``expire(at:unreachable:)`` and ``nextRead(at:)`` have something to do by themselves.
    var wakeUp: MonotonicTime? {
        var next: MonotonicTime?
        func consider(_ time: MonotonicTime) { next = min(next ?? time, time) }
        if let oldest = waiting.first {
            let early = oldest.arrival + limits.unreachableTimeout
            consider(early > lastLook ? early : oldest.arrival + limits.requestTimeout)
        }
        if reads.count < limits.concurrentReads {
            if isAnybodyUncovered { consider(earliestOrder) }
            if let readDue { consider(max(readDue, earliestOrder)) }
        }
        return next
    }
}
