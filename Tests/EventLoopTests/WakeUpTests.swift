import EventLoop
import Testing
import Threads

@Suite struct WakeUpTests {
    /// A wake-up lives as long as its process; where nobody held it, it would count as leaked.
    private static let kept = Locked<[WakeUp]>([])

    /// Several calls may become one, but the last of them is never lost.
    @Test func otherThreadsReachTheLoop() {
        let loop = EventLoop()
        let sum = Locked(0)
        var seen = 0
        let wakeUp = WakeUp(on: loop) {
            seen = sum.withLock { $0 }
            if seen == 4000 { loop.stop() }
        }
        Self.kept.withLock { $0.append(wakeUp) }
        for _ in 0..<4 {
            Thread.detach {
                for _ in 0..<1000 {
                    sum.withLock { $0 += 1 }
                    wakeUp.send()
                }
            }
        }
        let limit = Timer(on: loop) { loop.stop() }
        limit.start(at: loop.now + .seconds(20))
        loop.run()
        #expect(seen == 4000)
    }
}
