import EventLoop
import RatingsService
import Testing
import Threads

@testable import RatingsDatabase

/// The rules of the schedule, at moments that the tests choose.
@Suite struct ReadScheduleTests {
    private let connectFault = RatingsUnavailable(step: .connect, reason: "refused")
    private let loadFault = RatingsUnavailable(step: .load, reason: "not authorized")

    /// Milliseconds after some moment.
    private static func at(_ milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: 3_600_000_000_000) + .milliseconds(milliseconds)
    }

    /// Adds a request, and asks for a read as at the end of a turn.
    private func join(
        _ request: Int,
        _ schedule: inout ReadSchedule<Int>,
        at milliseconds: Int64
    ) -> (fault: RatingsUnavailable?, read: Int?) {
        let fault = schedule.join(request, at: Self.at(milliseconds))
        return (fault, schedule.nextRead(at: Self.at(milliseconds))?.id)
    }

    /// Ends a read that began when it was told to.
    private func finish(
        _ read: Int, _ schedule: inout ReadSchedule<Int>, began: Int64, fault: RatingsUnavailable? = nil,
        at milliseconds: Int64
    ) -> (requests: [Int], isNews: Bool) {
        schedule.finish(read, began: Self.at(began), fault: fault, at: Self.at(milliseconds))
    }

    @Test func theFirstRequestBeginsARead() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        #expect(join(1, &schedule, at: 0).read == 0)
        #expect(finish(0, &schedule, began: 0, at: 1).requests == [1])
        #expect(schedule.nextRead(at: Self.at(1)) == nil)
        #expect(schedule.wakeUp == nil)
    }

    @Test func requestsOfOneTurnShareARead() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        for request in 1...3 { #expect(schedule.join(request, at: Self.at(0)) == nil) }
        #expect(schedule.nextRead(at: Self.at(0))?.id == 0)
        #expect(schedule.nextRead(at: Self.at(0)) == nil)
        #expect(finish(0, &schedule, began: 0, at: 1).requests == [1, 2, 3])
    }

    @Test func aRequestDuringAReadWaitsForTheNextOne() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        #expect(join(1, &schedule, at: 0).read == 0)
        #expect(join(2, &schedule, at: 1).read == nil)
        #expect(join(3, &schedule, at: 2).read == nil)
        #expect(finish(0, &schedule, began: 0, at: 3).requests == [1])
        #expect(schedule.nextRead(at: Self.at(3))?.id == 1)
        #expect(join(4, &schedule, at: 4).read == nil)
        #expect(finish(1, &schedule, began: 3, at: 5).requests == [2, 3])
    }

    /// A thread may take its time until the read begins: it answers all who came before that.
    @Test func aReadAnswersAllWhoCameBeforeItReallyBegan() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        #expect(join(1, &schedule, at: 0).read == 0)
        #expect(join(2, &schedule, at: 1).read == nil)
        #expect(join(3, &schedule, at: 3).read == nil)
        #expect(finish(0, &schedule, began: 2, at: 4).requests == [1, 2])
        #expect(schedule.nextRead(at: Self.at(4))?.id == 1)
    }

    @Test func aSlowReadGetsCompanyAfterTheStagger() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        _ = join(1, &schedule, at: 0)
        #expect(schedule.wakeUp == Self.at(1200))
        #expect(join(2, &schedule, at: 100).read == nil)
        #expect(schedule.wakeUp == Self.at(250))
        #expect(schedule.nextRead(at: Self.at(249)) == nil)
        #expect(schedule.expire(at: Self.at(250)) == nil)
        #expect(schedule.nextRead(at: Self.at(250))?.id == 1)
    }

    @Test func readsAreBounded() {
        var limits = ReadLimits()
        limits.requestTimeout = .seconds(3600)
        var schedule = ReadSchedule<Int>(limits: limits)
        var begun = 0
        for request in 0..<100 where join(request, &schedule, at: Int64(request) * 300).read != nil { begun += 1 }
        #expect(begun == limits.concurrentReads)
    }

    @Test func aConnectFaultAnswersAllWhoWait() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        _ = join(1, &schedule, at: 0)
        _ = join(2, &schedule, at: 1)
        #expect(finish(0, &schedule, began: 0, fault: connectFault, at: 10).requests == [1, 2])
    }

    /// But for those whom another read under way will answer.
    @Test func aConnectFaultLeavesTheRequestsOfAnotherReadWaiting() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        _ = join(1, &schedule, at: 0)
        _ = join(2, &schedule, at: 10)
        #expect(schedule.nextRead(at: Self.at(250))?.id == 1)
        _ = join(3, &schedule, at: 260)
        #expect(finish(0, &schedule, began: 0, fault: connectFault, at: 270).requests == [1, 3])
        #expect(finish(1, &schedule, began: 250, at: 280).requests == [2])
    }

    @Test func aLoadFaultAnswersOnlyItsOwn() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        _ = join(1, &schedule, at: 0)
        _ = join(2, &schedule, at: 1)
        #expect(finish(0, &schedule, began: 0, fault: loadFault, at: 10).requests == [1])
        #expect(schedule.nextRead(at: Self.at(10))?.id == 1)
    }

    @Test func aKnownOutageAnswersAtOnceAndIsWatched() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        _ = join(1, &schedule, at: 0)
        _ = finish(0, &schedule, began: 0, fault: connectFault, at: 10)
        #expect(schedule.nextRead(at: Self.at(10)) == nil)
        #expect(schedule.wakeUp == Self.at(260))
        #expect(join(2, &schedule, at: 100).fault == connectFault)
        #expect(schedule.expire(at: Self.at(260)) == nil)
        #expect(schedule.nextRead(at: Self.at(260))?.id == 1)
        #expect(join(3, &schedule, at: 270).fault == connectFault)
        #expect(finish(1, &schedule, began: 260, at: 280).requests.isEmpty)
        let next = join(4, &schedule, at: 281)
        #expect(next.fault == nil && next.read == 2)
    }

    @Test func aRefusalIsNotTriedAgainSoon() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        let refusal = RatingsUnavailable(step: .connect, reason: "wrong password", isRefusal: true)
        _ = join(1, &schedule, at: 0)
        #expect(finish(0, &schedule, began: 0, fault: refusal, at: 10).requests == [1])
        #expect(join(2, &schedule, at: 500).fault == refusal)
        #expect(schedule.wakeUp == Self.at(1010))
        #expect(schedule.nextRead(at: Self.at(1010))?.id == 1)
        // Nor beside one that takes long.
        #expect(schedule.wakeUp == Self.at(2010))
        #expect(finish(1, &schedule, began: 1010, fault: refusal, at: 1100).requests.isEmpty)
        #expect(schedule.wakeUp == Self.at(2100))
    }

    @Test func heartbeatsWatchAnOutageThatLasts() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        _ = join(1, &schedule, at: 0)
        _ = finish(0, &schedule, began: 0, fault: connectFault, at: 10)
        #expect(!schedule.mayPutOff(at: Self.at(260)))
        #expect(join(2, &schedule, at: 9000).read == 1)
        _ = finish(1, &schedule, began: 9000, fault: connectFault, at: 9010)
        #expect(!schedule.mayPutOff(at: Self.at(9999)))
        #expect(schedule.mayPutOff(at: Self.at(10_010)))
        schedule.putOff(at: Self.at(10_010))
        #expect(!schedule.mayPutOff(at: Self.at(10_011)))
        #expect(schedule.nextRead(at: Self.at(10_011)) == nil)
        #expect(schedule.wakeUp == Self.at(10_260))
        // One of them has an answer.
        #expect(schedule.nextRead(at: Self.at(10_260))?.id == 2)
        #expect(finish(2, &schedule, began: 10_260, at: 10_270).requests.isEmpty)
        #expect(join(3, &schedule, at: 10_271).fault == nil)
    }

    @Test func aLastingOutageThatNobodyAsksAboutIsLeftAlone() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        _ = join(1, &schedule, at: 0)
        _ = finish(0, &schedule, began: 0, fault: connectFault, at: 10)
        #expect(!schedule.mayPutOff(at: Self.at(20_010)))
        #expect(schedule.nextRead(at: Self.at(20_010)) == nil)
        #expect(schedule.wakeUp == nil)
    }

    @Test func nobodyWatchesAnOutageForNobody() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        _ = join(1, &schedule, at: 0)
        _ = finish(0, &schedule, began: 0, fault: connectFault, at: 20_000)
        #expect(schedule.nextRead(at: Self.at(20_000)) == nil)
        #expect(schedule.wakeUp == nil)
        // The next request finds out for itself.
        let next = join(2, &schedule, at: 30_000)
        #expect(next.fault == nil && next.read == 1)
    }

    @Test func anOutageThatNobodyWatchesIsForgotten() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        _ = join(1, &schedule, at: 0)
        _ = finish(0, &schedule, began: 0, fault: connectFault, at: 20_000)
        // Both wait for what is true now, not only the one whose read begins.
        #expect(join(2, &schedule, at: 3_600_000).fault == nil)
        #expect(join(3, &schedule, at: 3_600_001).fault == nil)
    }

    /// A read that began later answers those who wait for one that hangs.
    @Test func aReadThatHangsBesideOthersThatSucceedIsNoOutage() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        _ = join(1, &schedule, at: 0)
        _ = join(2, &schedule, at: 10)
        _ = schedule.expire(at: Self.at(250))
        #expect(schedule.nextRead(at: Self.at(250))?.id == 1)
        #expect(finish(1, &schedule, began: 250, at: 260).requests == [1, 2])
        #expect(schedule.expire(at: Self.at(1800)) == nil)
        #expect(join(3, &schedule, at: 1801).fault == nil)
    }

    @Test func anOldFaultDoesNotHideANewerSuccess() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        _ = join(1, &schedule, at: 0)
        _ = join(2, &schedule, at: 10)
        _ = schedule.expire(at: Self.at(250))
        #expect(schedule.nextRead(at: Self.at(250))?.id == 1)
        _ = finish(1, &schedule, began: 250, at: 260)
        let late = finish(0, &schedule, began: 0, fault: connectFault, at: 270)
        #expect(late.requests.isEmpty && !late.isNews)
        #expect(join(3, &schedule, at: 271).fault == nil)
    }

    @Test func requestsExpireInTime() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        _ = join(1, &schedule, at: 0)
        schedule.connected(0)
        #expect(schedule.expire(at: Self.at(1799)) == nil)
        let expired = schedule.expire(at: Self.at(1800))
        #expect(expired?.requests == [1])
        #expect(expired?.fault == RatingsUnavailable(step: .load, reason: "no answer within 1800 ms"))
        // Its read goes on, and its end answers nobody twice.
        #expect(finish(0, &schedule, began: 0, fault: connectFault, at: 3000).requests.isEmpty)
    }

    @Test func aReadWithoutAConnectionExpiresAsCouldNotConnect() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        _ = join(1, &schedule, at: 0)
        #expect(schedule.expire(at: Self.at(1800))?.fault.step == .connect)
    }

    @Test func requestsExpireSoonerWhileNoServerIsReachable() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        #expect(join(1, &schedule, at: 0).read == 0)
        #expect(schedule.expire(at: Self.at(1199), unreachable: connectFault) == nil)
        #expect(schedule.expire(at: Self.at(1200), unreachable: nil) == nil)
        // Looked at once and found reachable: the next look is at the request time-out.
        #expect(schedule.wakeUp == Self.at(1800))
        let expired = schedule.expire(at: Self.at(1201), unreachable: connectFault)
        #expect(expired?.requests == [1] && expired?.fault == connectFault)
    }

    @Test func aReadThatManySharedIsFollowedByAPause() {
        var limits = ReadLimits()
        limits.longestPause = .milliseconds(5)
        limits.manyRequests = 2
        var schedule = ReadSchedule<Int>(limits: limits)
        _ = join(1, &schedule, at: 0)
        _ = join(2, &schedule, at: 1)
        _ = join(3, &schedule, at: 1)
        _ = finish(0, &schedule, began: 0, at: 2)
        #expect(schedule.nextRead(at: Self.at(2)) == .init(id: 1, notBefore: Self.at(2), enough: 0))
        #expect(finish(1, &schedule, began: 2, at: 5).requests == [2, 3])
        #expect(schedule.join(4, at: Self.at(6)) == nil)
        #expect(schedule.nextRead(at: Self.at(6)) == .init(id: 2, notBefore: Self.at(8), enough: 2))
        // It took a second: the pause is the longest.
        _ = join(5, &schedule, at: 7)
        _ = join(6, &schedule, at: 7)
        #expect(finish(2, &schedule, began: 8, at: 1008).requests == [4, 5, 6])
        #expect(schedule.join(7, at: Self.at(1009)) == nil)
        #expect(schedule.nextRead(at: Self.at(1009)) == .init(id: 3, notBefore: Self.at(1013), enough: 3))
    }
}
