import Logging
import NIOConcurrencyHelpers
import NIOCore
import RatingsService
import Testing

@testable import RatingsDatabase

@Suite struct OutageLogTests {
    private let lines = Lines()
    private let untrusted = RatingsUnavailable(step: .connect, reason: "certificate verify failed (19)")
    private let closed = RatingsUnavailable(step: .connect, reason: "TLS handshake failed: Connection reset by peer")
    private let denied = RatingsUnavailable(step: .load, reason: "not authorized on test")

    private func makeLog() -> OutageLog {
        let lines = lines
        return OutageLog(database: "h:27017", logger: Logger(label: "test", factory: { _ in lines }))
    }

    private static func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .hours(1) + .seconds(seconds) }

    @Test func oneLineWhenItGoesAndOneWhenItComesBack() {
        let log = makeLog()
        for second in 0..<100 { log.note(untrusted, at: Self.at(Int64(second))) }
        log.note(nil, at: Self.at(100))
        log.note(nil, at: Self.at(101))
        #expect(lines.all.count == 2)
        #expect(lines.all[0].contains("cannot connect"))
        #expect(lines.all[0].contains("certificate verify failed (19)"))
        #expect(lines.all[0].contains("tlsCAFile"))
        #expect(lines.all[0].contains("h:27017"))
        #expect(lines.all[1].contains("back"))
        #expect(lines.all[1].contains("100"))
    }

    @Test func successAloneSaysNothing() {
        let log = makeLog()
        log.note(nil, at: Self.at(0))
        #expect(lines.all.isEmpty)
    }

    @Test func causesThatAlternateAreOneOutage() {
        let log = makeLog()
        for second in 0..<60 { log.note(second.isMultiple(of: 2) ? untrusted : closed, at: Self.at(Int64(second))) }
        #expect(lines.all.count == 1)
    }

    @Test func anotherCauseThatLastsIsNamed() {
        let log = makeLog()
        log.note(closed, at: Self.at(0))
        for second in 1..<20 { log.note(denied, at: Self.at(Int64(second))) }
        #expect(lines.all.count == 2)
        #expect(lines.all[1].contains("cannot read"))
    }

    @Test func aDatabaseThatComesAndGoesDoesNotFlood() {
        let log = makeLog()
        for millisecond in 0..<10_000 {
            log.note(
                millisecond.isMultiple(of: 2) ? untrusted : nil, at: Self.at(0) + .milliseconds(Int64(millisecond)))
        }
        #expect(lines.all.count == 20)
    }
}

/// Keeps what is logged.
private final class Lines: LogHandler {
    private let lines = NIOLockedValueBox<[String]>([])
    var all: [String] { lines.withLockedValue { $0 } }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .info }
        set {}
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        lines.withLockedValue { $0.append("\(event.message) \(event.metadata ?? [:])") }
    }
}
