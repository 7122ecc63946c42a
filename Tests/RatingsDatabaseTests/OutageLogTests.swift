import EventLoop
import Log
import RatingsService
import Testing
import Threads

@testable import RatingsDatabase

@Suite struct OutageLogTests {
    private let lines = Locked<[String]>([])
    private let untrusted = RatingsUnavailable(step: .connect, reason: "certificate verify failed (19)")
    private let closed = RatingsUnavailable(step: .connect, reason: "TLS handshake failed: Connection reset by peer")
    private let denied = RatingsUnavailable(step: .load, reason: "not authorized on test")

    private func makeLog() -> OutageLog {
        OutageLog(
            database: "h:27017", logger: Logger(label: "test") { [lines] line in lines.withLock { $0.append(line) } })
    }

    private static func at(_ seconds: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: 3_600_000_000_000) + .seconds(seconds)
    }

    private var written: [String] { lines.withLock { $0 } }

    @Test func oneLineWhenItGoesAndOneWhenItComesBack() {
        let log = makeLog()
        for second in 0..<100 { log.note(untrusted, at: Self.at(Int64(second))) }
        log.note(nil, at: Self.at(100))
        log.note(nil, at: Self.at(101))
        #expect(written.count == 2)
        #expect(written[0].contains("cannot connect"))
        #expect(written[0].contains("certificate verify failed (19)"))
        #expect(written[0].contains("tlsCAFile"))
        #expect(written[0].contains("h:27017"))
        #expect(written[1].contains("back"))
        #expect(written[1].contains("100"))
    }

    @Test func successAloneSaysNothing() {
        let log = makeLog()
        log.note(nil, at: Self.at(0))
        #expect(written.isEmpty)
    }

    @Test func causesThatAlternateAreOneOutage() {
        let log = makeLog()
        for second in 0..<60 { log.note(second.isMultiple(of: 2) ? untrusted : closed, at: Self.at(Int64(second))) }
        #expect(written.count == 1)
    }

    @Test func anotherCauseThatLastsIsNamed() {
        let log = makeLog()
        log.note(closed, at: Self.at(0))
        for second in 1..<20 { log.note(denied, at: Self.at(Int64(second))) }
        #expect(written.count == 2)
        #expect(written[1].contains("cannot read"))
    }

    @Test func aDatabaseThatComesAndGoesDoesNotFlood() {
        let log = makeLog()
        for millisecond in 0..<10_000 {
            log.note(
                millisecond.isMultiple(of: 2) ? untrusted : nil, at: Self.at(0) + .milliseconds(Int64(millisecond)))
        }
        #expect(written.count == 20)
    }
}
