import Testing
import Threads

@testable import Log

@Suite struct LineQueueTests {
    @Test func linesComeOutInTheirOrder() {
        let queue = LineQueue(limit: 100)
        queue.append("a\n")
        queue.append("b\n")
        #expect(!queue.isEmpty)
        #expect(queue.next() == "a\nb\n")
    }

    /// Until the next call what was handed out may still be on its way.
    @Test func isEmptyOnceAllIsWritten() {
        let queue = LineQueue(limit: 100)
        queue.append("a\n")
        _ = queue.next()
        #expect(!queue.isEmpty)
        Thread.detach { _ = queue.next() }
        while !queue.isEmpty {}
        queue.append("end the thread\n")
    }

    @Test func whatThereIsNoRoomForIsCounted() {
        let queue = LineQueue(limit: 4)
        for line in ["a\n", "b\n", "c\n", "d\n"] { queue.append(line) }
        let text = queue.next()
        #expect(text.hasPrefix("a\nb\n"))
        #expect(text.hasSuffix(" warning log: [Log] 2 lines were lost: standard output was not read in time\n"))
        queue.append("e\n")
        #expect(queue.next() == "e\n")
    }
}
