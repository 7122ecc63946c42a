import NIOCore
import RatingsService
import Testing

@testable import RatingsDatabase

/// The rules of the schedule, at moments that the tests choose.
@Suite struct ReadScheduleTests {
    private let connectFault = RatingsUnavailable(step: .connect, reason: "refused")
    private let loadFault = RatingsUnavailable(step: .load, reason: "not authorized")

    private static func at(_ milliseconds: Int64) -> NIODeadline {
        .uptimeNanoseconds(3_600_000_000_000) + .milliseconds(milliseconds)
    }

    private func join(
        _ request: Int,
        _ schedule: inout ReadSchedule<Int>,
        at milliseconds: Int64
    ) -> (fault: RatingsUnavailable?, read: Int?) {
        let (fault, actions) = schedule.join(request, at: Self.at(milliseconds))
        return (fault, actions.read)
    }

    @Test func theFirstRequestBeginsARead() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        #expect(join(1, &schedule, at: 0).read == 0)
        #expect(schedule.finish(0, fault: nil, at: Self.at(1)).requests == [1])
        #expect(schedule.nextActions(at: Self.at(1)).read == nil)
    }

    @Test func aRequestDuringAReadWaitsForTheNextOne() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        let first = join(1, &schedule, at: 0).read
        #expect(join(2, &schedule, at: 1).read == nil)
        #expect(join(3, &schedule, at: 2).read == nil)
        #expect(schedule.finish(first!, fault: nil, at: Self.at(3)).requests == [1])
        let second = schedule.nextActions(at: Self.at(3)).read
        #expect(second != nil)
        #expect(join(4, &schedule, at: 4).read == nil)
        #expect(schedule.finish(second!, fault: nil, at: Self.at(5)).requests == [2, 3])
    }

    @Test func aSlowReadGetsCompanyAfterTheStagger() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        _ = join(1, &schedule, at: 0)
        #expect(join(2, &schedule, at: 100).read == nil)
        #expect(schedule.expire(at: Self.at(250)) == nil)
        #expect(schedule.nextActions(at: Self.at(250)).read == 1)
    }

    @Test func readsAreBounded() {
        var limits = ReadLimits()
        limits.requestTimeout = .hours(1)
        var schedule = ReadSchedule<Int>(limits: limits)
        var begun = 0
        for request in 0..<100 where join(request, &schedule, at: Int64(request) * 300).read != nil { begun += 1 }
        #expect(begun == limits.concurrentReads)
    }

    @Test func aConnectFaultAnswersAllWhoWait() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        _ = join(1, &schedule, at: 0)
        _ = join(2, &schedule, at: 1)
        #expect(schedule.finish(0, fault: connectFault, at: Self.at(10)).requests == [1, 2])
    }

    @Test func aLoadFaultAnswersOnlyItsOwn() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        _ = join(1, &schedule, at: 0)
        _ = join(2, &schedule, at: 1)
        #expect(schedule.finish(0, fault: loadFault, at: Self.at(10)).requests == [1])
        #expect(schedule.nextActions(at: Self.at(10)).read == 1)
    }

    @Test func aKnownOutageAnswersAtOnceAndIsWatched() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        _ = join(1, &schedule, at: 0)
        _ = schedule.finish(0, fault: connectFault, at: Self.at(10))
        #expect(schedule.nextActions(at: Self.at(10)).wakeUp == Self.at(260))
        #expect(join(2, &schedule, at: 100).fault == connectFault)
        #expect(schedule.expire(at: Self.at(260)) == nil)
        #expect(schedule.nextActions(at: Self.at(260)).read == 1)
        #expect(join(3, &schedule, at: 270).fault == connectFault)
        #expect(schedule.finish(1, fault: nil, at: Self.at(280)).requests.isEmpty)
        let next = join(4, &schedule, at: 281)
        #expect(next.fault == nil && next.read == 2)
    }

    @Test func nobodyWatchesAnOutageForNobody() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        _ = join(1, &schedule, at: 0)
        _ = schedule.finish(0, fault: connectFault, at: Self.at(20_000))
        let idle = schedule.nextActions(at: Self.at(20_000))
        #expect(idle.read == nil && idle.wakeUp == nil)
        // The next request finds out for itself.
        let next = join(2, &schedule, at: 30_000)
        #expect(next.fault == nil && next.read == 1)
    }

    @Test func anOutageThatNobodyWatchesIsForgotten() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        _ = join(1, &schedule, at: 0)
        _ = schedule.finish(0, fault: connectFault, at: Self.at(20_000))
        // Both wait for what is true now, not only the one whose read begins.
        #expect(join(2, &schedule, at: 3_600_000).fault == nil)
        #expect(join(3, &schedule, at: 3_600_001).fault == nil)
    }

    @Test func aReadThatHangsBesideOthersThatSucceedIsNoOutage() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        _ = join(1, &schedule, at: 0)
        _ = join(2, &schedule, at: 10)
        _ = schedule.expire(at: Self.at(250))
        _ = schedule.nextActions(at: Self.at(250))
        _ = schedule.finish(1, fault: nil, at: Self.at(260))
        let expired = schedule.expire(at: Self.at(1800))
        #expect(expired?.requests == [1] && expired?.isNews == false)
        #expect(join(3, &schedule, at: 1801).fault == nil)
    }

    @Test func anOldFaultDoesNotHideANewerSuccess() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        _ = join(1, &schedule, at: 0)
        _ = join(2, &schedule, at: 10)
        _ = schedule.expire(at: Self.at(250))
        #expect(schedule.nextActions(at: Self.at(250)).read == 1)
        _ = schedule.finish(1, fault: nil, at: Self.at(260))
        let late = schedule.finish(0, fault: connectFault, at: Self.at(270))
        #expect(late.requests == [1] && !late.isNews)
        #expect(join(3, &schedule, at: 271).fault == nil)
    }

    @Test func requestsExpireInTime() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        _ = join(1, &schedule, at: 0)
        schedule.connected(0)
        #expect(schedule.expire(at: Self.at(1799)) == nil)
        let expired = schedule.expire(at: Self.at(1800))
        #expect(expired?.requests == [1])
        #expect(expired?.fault.step == .load)
        // Its read goes on, and its end answers nobody twice.
        #expect(schedule.finish(0, fault: connectFault, at: Self.at(3000)).requests.isEmpty)
    }

    @Test func aReadWithoutAConnectionExpiresAsCouldNotConnect() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        _ = join(1, &schedule, at: 0)
        #expect(schedule.expire(at: Self.at(1800))?.fault.step == .connect)
    }

    @Test func requestsExpireSoonerWhileNoServerIsReachable() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        #expect(join(1, &schedule, at: 0).read == 0)
        #expect(schedule.expire(at: Self.at(699), unreachable: connectFault) == nil)
        #expect(schedule.expire(at: Self.at(700), unreachable: nil) == nil)
        // Looked at once and found reachable: the next look is at the request time-out.
        #expect(schedule.nextActions(at: Self.at(700)).wakeUp == Self.at(1800))
        let expired = schedule.expire(at: Self.at(701), unreachable: connectFault)
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
        #expect(schedule.finish(0, fault: nil, at: Self.at(2)).pauseUntil == nil)
        #expect(schedule.nextActions(at: Self.at(2)).read == 1)
        #expect(schedule.finish(1, fault: nil, at: Self.at(5)).pauseUntil == Self.at(8))
        #expect(join(4, &schedule, at: 6).read == nil)
        schedule.endPause()
        #expect(schedule.nextActions(at: Self.at(8)).read == 2)
    }

    @Test func onlyTheEarliestWakeUpCounts() {
        var schedule = ReadSchedule<Int>(limits: ReadLimits())
        let deadline = schedule.join(1, at: Self.at(0)).actions.wakeUp
        #expect(deadline == Self.at(700))
        let stagger = schedule.join(2, at: Self.at(10)).actions.wakeUp
        #expect(stagger == Self.at(250))
        #expect(schedule.isObsolete(deadline!))
        #expect(!schedule.isObsolete(stagger!))
    }
}
