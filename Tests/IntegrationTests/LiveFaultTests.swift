import LocalMongo
import Processes
import Testing
import Threads

@testable import Faults

/// Faults that come over a database in use and go again, by the names that `ratings-local fault` knows.
@Suite(.serialized)
struct LiveFaults {
    private let turn: Turn

    init() async {
        turn = await Turn(.besideFew)
    }

    private static let faults = LiveFault.all.filter { $0 != .failOver }

    /// What `ratings check` says: the sentence of the fault that is made from the start, where there is one.
    private static func finding(_ fault: LiveFault) -> CheckedDatabase.Finding? {
        switch fault {
        case .slow, .restart, .failOver: return .init(layer: "", cause: "", explanation: "")
        case .frozen: return FaultSentences.all[.silent]
        case .of(let fault):
            var finding = FaultSentences.all[fault]
            finding?.explanation.replace("the user strangerN", with: "the user bookinfo")
            finding?.explanation.replace("a connection without a user", with: "the user bookinfo")
            return finding
        }
    }

    /// The service's answers are those of the README's table, the diagnosis is that of the fault, and both are over with it.
    @Test(arguments: faults)
    func comesAndGoes(_ fault: LiveFault) async throws {
        let database = try await SharedBreakable.database()
        try await withService(database.url) { service in
            try await expectRatings(from: service)
            let before = try await OpenConnection.open(by: database)
            let start = ContinuousClock.now
            try await database.begin(fault)
            if fault.cutsConnections {
                #expect(await eventually(within: .seconds(1)) { before.isEnded })
            } else {
                try await Task.sleep(for: .milliseconds(200))
                #expect(!before.isEnded)
            }
            print("\(fault.name): made after \(ContinuousClock.now - start)")
            let first = try await service.request()
            #expect(first.time <= requestLimit)
            switch fault {
            case .slow:
                expect(first, status: 200, body: Body.ratings())
                #expect(first.time >= .milliseconds(80))
            case .restart, .failOver: expect(first, status: 200, body: Body.ratings())
            // A server that says nothing: one of the two.
            case .frozen, .of(.silent):
                #expect(first.answer.status == 500)
                #expect([Body.cannotConnect, Body.cannotLoad].contains(first.answer.body))
            case .of(let fault):
                expect(first, status: 500, body: fault.isOfTheRead ? Body.cannotLoad : Body.cannotConnect)
            }
            var finding = try await CheckedDatabase.check(database.url).finding
            if fault == .of(.closesAtOnce) { finding.explanation.replace("reset it", with: "closed it") }
            #expect(finding == Self.finding(fault))

            try await database.end()
            let isBack = try await eventually(within: .seconds(3)) {
                try await service.request().answer.status == 200
            }
            #expect(isBack)
            #expect(try await CheckedDatabase.check(database.url).status == .exited(0))
        }
    }

    @Test func faultsTakeTurns() async throws {
        let database = try await SharedBreakable.database()
        try await withService(database.url) { service in
            // Each ends the one before, whatever it was.
            for fault in [
                LiveFault.of(.refused), .of(.certificateExpired), .of(.wrongPassword), .of(.noRole), .frozen, .slow,
            ] {
                try await database.begin(fault)
            }
            // The last one lets ratings be read, as soon as the service has seen that.
            #expect(try await eventually(within: .seconds(3)) { try await service.request().answer.status == 200 })
            try await withThrowingTaskGroup(of: Void.self) { group in
                for fault in Self.faults where !fault.isMomentary { group.addTask { try await database.begin(fault) } }
                try await group.waitForAll()
            }
            try await database.end()
            try await database.end()
            #expect(try await eventually(within: .seconds(3)) { try await service.request().answer.status == 200 })
        }
    }

    @Test func aStandaloneServerHasNoFailOver() async throws {
        let database = try await SharedBreakable.database()
        do {
            try await database.begin(.failOver)
            Issue.record("it has one")
        } catch {
            #expect("\(error)" == "failOver needs a replica set: start with --replica-set")
        }
    }

    @Test func namesAreUnique() {
        #expect(Set(LiveFault.all.map(\.name)).count == LiveFault.all.count)
        for fault in LiveFault.all { #expect(LiveFault(fault.name) == fault) }
        #expect(LiveFault("none") == nil)
    }
}

/// How soon faults take effect: alone, since that is measured in milliseconds.
@Suite(.serialized)
struct LiveFaultsAtOnce {
    private let turn: Turn

    init() async {
        turn = await Turn(.alone)
    }

    /// What a proxy makes shows to clients within 100 ms: on the connections that are there, and on new ones.
    @Test(arguments: [LiveFault.of(.refused), .of(.silent), .of(.reset), .of(.closesAtOnce), .slow, .frozen])
    func takesEffectAtOnce(_ fault: LiveFault) async throws {
        let database = try await SharedBreakable.database()
        try await database.end()
        try await OpenConnection.open(by: database).expectAnswer(within: .milliseconds(100), true)
        let before = try await OpenConnection.open(by: database)
        let limit = Duration.milliseconds(100) * Slowness.factor
        let start = ContinuousClock.now
        try await database.begin(fault, latency: .milliseconds(500))
        if fault.cutsConnections {
            #expect(await eventually(within: limit, every: .milliseconds(1)) { before.isEnded })
        } else {
            try await before.expectAnswer(within: .milliseconds(200), false)
        }
        let after = try? await OpenConnection.open(by: database)
        if let after, fault.cutsConnections {
            #expect(await eventually(within: limit, every: .milliseconds(1)) { after.isEnded })
        }
        #expect((after == nil) == (fault == .of(.refused)))
        let time = ContinuousClock.now - start - (fault.cutsConnections ? .zero : .milliseconds(200))
        print("\(fault.name): in effect after \(time)")
        #expect(time < limit)
        try await database.end()
        try await OpenConnection.open(by: database).expectAnswer(within: .milliseconds(100), true)
    }
}

/// The one that these tests share.
private enum SharedBreakable {
    private static let start = Locked<Task<BreakableDatabase, any Error>?>(nil)

    static func database() async throws -> BreakableDatabase {
        let task = start.withLock { start in
            let task = start ?? Task { try await BreakableDatabase.start() }
            start = task
            return task
        }
        return try await task.value
    }
}

/// A client's connection, which has said nothing yet.
private final class OpenConnection: Sendable {
    private let socket: Socket
    private let ended = Locked(false)
    private let received = Locked(0)

    var isEnded: Bool { ended.withLock { $0 } }

    static func open(by database: BreakableDatabase) async throws -> OpenConnection {
        let connection = OpenConnection(try Socket.connect(port: database.relays[0].port))
        connection.socket.start(
            .init(
                received: { [received = connection.received] bytes in received.withLock { $0 += bytes.count } },
                ended: { [ended = connection.ended] in ended.withLock { $0 = true } }))
        // The relay's own connection comes a moment later.
        try await Task.sleep(for: .milliseconds(10))
        return connection
    }

    private init(_ socket: Socket) {
        self.socket = socket
    }

    deinit { socket.close() }

    /// Says something that mongod, which wants TLS, answers at once by closing.
    func expectAnswer(within limit: Duration, _ isExpected: Bool, sourceLocation: SourceLocation = #_sourceLocation)
        async throws
    {
        socket.send(Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
        let start = ContinuousClock.now
        let isAnswered = await eventually(within: limit, every: .milliseconds(1)) {
            received.withLock { $0 > 0 } || isEnded
        }
        if !isExpected { try await Task.sleep(until: start + limit) }
        #expect(isAnswered == isExpected, sourceLocation: sourceLocation)
    }
}
