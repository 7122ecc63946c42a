import EventLoop
import RatingsService
import Testing
import Threads

@testable import RatingsDatabase

@Suite struct ReadingThreadsTests {
    /// - Returns: how long a read held back that may do so for two seconds.
    private func timeHeldBack(_ body: (ReadingThreads<Int>.Order) -> Void) -> Duration {
        let loop = EventLoop()
        let threads = ReadingThreads<Int>(count: 1, read: { _ in 1 }, ended: WakeUp(on: loop) {})
        let start = MonotonicTime.now
        let order = ReadingThreads<Int>.Order(id: 0, notBefore: start + .seconds(2))
        threads.begin(order)
        body(order)
        while true {
            if let outcome = threads.takeOutcomes().first {
                threads.stop {}
                return outcome.began - start
            }
        }
    }

    @Test func aReadHoldsBackUntilItsTime() {
        #expect(timeHeldBack { _ in } >= .seconds(2))
    }

    @Test func aReadThatIsReleasedBeginsAtOnce() {
        #expect(timeHeldBack { $0.release() } < .seconds(1))
    }
}
