import EventLoop
import Testing
import Threads

@Suite struct DeadlineTests {
    /// Runs a loop until `body` has been called with its time, but not longer than a second.
    private func time(_ prepare: (EventLoop, Deadline) -> Void) -> Duration? {
        let loop = EventLoop()
        let begin = loop.now
        var expired: MonotonicTime?
        let deadline = Deadline(on: loop) {
            expired = loop.now
            loop.stop()
        }
        let limit = Timer(on: loop) { loop.stop() }
        limit.start(at: begin + .seconds(1))
        prepare(loop, deadline)
        loop.run()
        return expired.map { $0 - begin }
    }

    @Test func expiresOnceAtItsTime() throws {
        let time = try #require(time { loop, deadline in deadline.time = loop.now + .milliseconds(50) })
        #expect(time >= .milliseconds(50) && time < .milliseconds(500))
    }

    @Test func canBePutOff() throws {
        let time = try #require(
            time { loop, deadline in
                deadline.time = loop.now + .milliseconds(20)
                deadline.time = loop.now + .milliseconds(150)
            })
        #expect(time >= .milliseconds(150))
    }

    @Test func canBeBroughtForward() throws {
        let time = try #require(
            time { loop, deadline in
                deadline.time = loop.now + .seconds(3600)
                deadline.time = loop.now + .milliseconds(50)
            })
        #expect(time >= .milliseconds(50) && time < .milliseconds(500))
    }

    @Test func canBeTakenBack() {
        let time = time { loop, deadline in
            deadline.time = loop.now + .milliseconds(20)
            deadline.time = nil
        }
        #expect(time == nil)
    }
}
