import Diagnosis
import EventLoop
import Log
import RatingsService
import Testing
import Threads

@testable import RatingsDatabase

@Suite final class OutageLogTests {
    private let lines = Locked<[String]>([])
    private var now = MonotonicTime(nanoseconds: 3_600_000_000_000)
    /// Walks that have begun and not ended.
    private var walks: [(Diagnosis) -> Void] = []
    private var walkCount = 0
    private let failed = RatingsUnavailable(step: .connect, reason: "the driver's words")

    private lazy var log = OutageLog(
        database: "h:27017",
        logger: Logger(label: "test") { [lines] line in lines.withLock { $0.append(line) } },
        walk: { [unowned self] completion in
            walkCount += 1
            walks.append(completion)
        },
        now: { [unowned self] in now })

    /// Without the time before them.
    private var written: [String] {
        lines.withLock { $0 }.map { line in String(line.drop { $0 != " " }.dropFirst().dropLast()) }
    }

    private func diagnosis(_ layer: Layer?, _ cause: Cause = .blocked) -> Diagnosis {
        Diagnosis(
            database: "h:27017",
            layers: Layer.allCases.map { each in
                let fault = each == layer ? Fault(cause, "seen", advice: "do", command: "look here") : nil
                return .init(
                    layer: each, status: fault == nil ? .passed : .failed, time: .zero, detail: "", fault: fault)
            })
    }

    /// Ends the walk that is under way.
    private func endWalk(_ layer: Layer?, _ cause: Cause = .blocked) {
        if !walks.isEmpty { walks.removeFirst()(diagnosis(layer, cause)) }
    }

    private func pass(_ seconds: Double) { now = now + .milliseconds(Int64(seconds * 1000)) }

    private static let blockedLine =
        "error test: advice=do; look further with: look here cause=blocked database=h:27017 explanation=seen layer=sidecar "
        + "reason=the driver's words [RatingsDatabase] cannot connect to ratings database"

    @Test func oneLineWhenItHasBeenLookedAtAndOneWhenItIsBack() {
        log.note(failed, at: now)
        #expect(written.isEmpty)
        pass(0.2)
        endWalk(.sidecar)
        #expect(written == [Self.blockedLine])
        for _ in 0..<99 {
            pass(1)
            log.note(failed, at: now)
            endWalk(.sidecar)
        }
        log.note(nil, at: now)
        log.note(nil, at: now)
        #expect(
            written == [
                Self.blockedLine,
                "notice test: database=h:27017 failed reads=100 seconds=99.2 [RatingsDatabase] ratings database is back",
            ])
        // Every five seconds, give or take one.
        #expect((16...26).contains(walkCount))
    }

    @Test func successAloneSaysNothing() {
        log.note(nil, at: now)
        #expect(written.isEmpty)
        #expect(walkCount == 0)
    }

    @Test func backBeforeAWalkHasEnded() {
        log.note(failed, at: now)
        pass(0.34)
        log.note(nil, at: now)
        let line =
            "notice test: database=h:27017 failed reads=1 reason=the driver's words [RatingsDatabase] ratings database was "
            + "lost for 0.3 s, and is back before it could be looked at"
        #expect(written == [line])
        // What it saw belongs to an outage that is over.
        endWalk(.tcp, .connectionRefused)
        #expect(written == [line])
    }

    @Test func anotherCauseThatLastsIsNamed() {
        log.note(failed, at: now)
        endWalk(.sidecar)
        for _ in 0..<60 {
            pass(0.25)
            log.note(failed, at: now)
            endWalk(.tls, .certificateIssuerUnknown)
        }
        #expect(
            written == [
                Self.blockedLine,
                "error test: advice=do; look further with: look here cause=certificateIssuerUnknown database=h:27017 "
                    + "explanation=seen layer=tls reason=the driver's words [RatingsDatabase] cannot connect to ratings database",
            ])
    }

    @Test func causesThatAlternateAreOneOutage() {
        for second in 0..<120 {
            log.note(failed, at: now)
            second.isMultiple(of: 12) ? endWalk(.tcp, .connectionRefused) : endWalk(.sidecar)
            if second == 0 { lines.withLock { $0 = [] } }
            pass(0.5)
        }
        #expect(written.filter { $0.contains("connectionRefused") }.isEmpty)
    }

    /// The layers are fine and reads fail all the same: said when a second look has found nothing either.
    @Test func readsThatFailThoughAllLayersPass() {
        log.note(RatingsUnavailable(step: .load, reason: "cut"), at: now)
        endWalk(nil)
        #expect(written.isEmpty)
        pass(0.6)
        log.note(RatingsUnavailable(step: .load, reason: "cut again"), at: now)
        endWalk(nil)
        #expect(
            written == [
                "error test: advice=look at mongod's log, and for proxies that cut connections in use cause=readsFail "
                    + "database=h:27017 explanation=every layer answers to a look, but the service's own reads fail layer=read "
                    + "reason=cut again [RatingsDatabase] cannot read from ratings database"
            ])
    }

    @Test func aFaultOfADocumentNeedsNoLook() {
        log.note(
            RatingsUnavailable(step: .load, reason: "document 1", adviceWithoutLooking: "mend it"), at: now)
        #expect(walkCount == 0)
        #expect(
            written == [
                "error test: advice=mend it cause=documentUnusable database=h:27017 explanation=document 1 layer=read "
                    + "reason=document 1 [RatingsDatabase] cannot read from ratings database"
            ])
    }

    @Test func aDatabaseThatComesAndGoesDoesNotFlood() {
        for millisecond in 0..<10_000 {
            log.note(millisecond.isMultiple(of: 2) ? failed : nil, at: now)
            endWalk(.sidecar)
            pass(0.001)
        }
        #expect(written.count == 20)
    }
}
