import EventLoop
import Glibc
import RatingsService
import Synchronization
import Threads

/// The threads that reads block on, and the way there and back.
final class ReadingThreads<Value: Sendable>: Sendable {
    /// One read.
    final class Order: Sendable {
        let id: Int
        let notBefore: MonotonicTime
        private let connected = Atomic(false)
        private let isReleased = Locked(false)

        init(id: Int, notBefore: MonotonicTime) {
            self.id = id
            self.notBefore = notBefore
        }

        /// Whether the read has a connection.
        var isConnected: Bool { connected.load(ordering: .relaxed) }

        /// It need not hold back any more.
        func release() {
            isReleased.withLock { $0 = true }
            isReleased.notify()
        }

        fileprivate func holdBack() {
            if notBefore > .now { _ = isReleased.wait(until: notBefore) { $0 ? true : nil } }
        }

        fileprivate func noteConnection() {
            connected.store(true, ordering: .relaxed)
        }
    }

    /// What came of a read.
    struct Outcome: Sendable {
        let id: Int
        let began: MonotonicTime
        let result: Result<Value, RatingsUnavailable>
    }

    typealias Read = @Sendable (_ connected: () -> Void) throws(RatingsUnavailable) -> Value

    private struct Work: Sendable {
        var orders: [Order] = []
        var threads: Int
        var stopped: (@Sendable () -> Void)?
    }

    private let work: Locked<Work>
    private let outcomes = Locked<[Outcome]>([])

    /// - Parameters:
    ///   - count: how many reads can be under way.
    ///   - ended: wakes the loop, which then takes the ``outcomes``.
    ///   - read: one read. Blocks.
    init(count: Int, read: @escaping Read, ended: WakeUp) {
        work = Locked(Work(threads: count))
        for _ in 0..<count {
            Thread.detach { [self] in
                while let order = nextOrder() {
                    perform(order, read)
                    ended.send()
                }
            }
        }
    }

    func begin(_ order: Order) {
        work.withLock { $0.orders.append(order) }
        work.notify()
    }

    /// The outcomes of the reads that have ended since the last call.
    func takeOutcomes() -> [Outcome] {
        outcomes.withLock { outcomes in
            defer { outcomes = [] }
            return outcomes
        }
    }

    /// Begins no read any more.
    ///
    /// - Parameter stopped: called on the last thread when the last read has ended.
    func stop(_ stopped: @escaping @Sendable () -> Void) {
        work.withLock { $0.stopped = stopped }
        work.notifyAll()
    }

    private func nextOrder() -> Order? {
        let (order, stopped) = work.wait { work -> (Order?, (@Sendable () -> Void)?)? in
            if work.stopped != nil {
                work.threads -= 1
                return (nil, work.threads == 0 ? work.stopped : nil)
            }
            return work.orders.isEmpty ? nil : (work.orders.removeFirst(), nil)
        }
        stopped?()
        return order
    }

    private func perform(_ order: Order, _ read: Read) {
        order.holdBack()
        let began = MonotonicTime.now
        let result = Result { () throws(RatingsUnavailable) in try read(order.noteConnection) }
        outcomes.withLock { $0.append(Outcome(id: order.id, began: began, result: result)) }
    }
}
