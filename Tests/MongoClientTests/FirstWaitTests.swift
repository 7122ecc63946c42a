import Testing
import Threads

@testable import MongoClient

@Suite struct FirstWaitTests {
    private static func wait(
        idle: Int64 = 1000, lastRead: Int64 = 1, roundTrip: Int64 = 0, limit: Int64 = 1500
    ) -> FirstWait {
        FirstWait(
            idle: .milliseconds(idle), lastRead: .milliseconds(lastRead), roundTrip: .milliseconds(roundTrip),
            limit: .milliseconds(limit))
    }

    @Test func anIdleConnectionIsPinged() {
        #expect(Self.wait(idle: 5).pings)
        #expect(!Self.wait(idle: 4).pings)
    }

    /// So that a read that is slow again is not sent twice.
    @Test func aSlowOneIsPinged() {
        #expect(Self.wait(idle: 0, lastRead: 250).pings)
        #expect(!Self.wait(idle: 0, lastRead: 249).pings)
    }

    @Test func theWaitGrowsWithTheWay() {
        #expect(Self.wait().bound == .milliseconds(200))
        #expect(Self.wait(roundTrip: 80).bound == .milliseconds(360))
        #expect(Self.wait(idle: 0, limit: 3000).bound == .milliseconds(500))
        #expect(Self.wait(idle: 0, roundTrip: 80, limit: 3000).bound == .milliseconds(580))
    }

    @Test func theWaitLeavesTimeForASecondRead() {
        #expect(Self.wait(limit: 150).bound == .milliseconds(50))
        #expect(Self.wait(roundTrip: 160).bound == .milliseconds(500))
    }

    @Test func noWaitIsShorterThanTheWay() {
        #expect(Self.wait(roundTrip: 400).bound == .milliseconds(600))
    }
}
