import Testing

/// The bodies that the tests expect, byte for byte.
enum Body {
    static let health = #"{"status":"Ratings is healthy"}"#
    static let cannotConnect = #"{"error":"could not connect to ratings database"}"#
    static let cannotLoad = #"{"error":"could not load ratings from database"}"#
    static let noNumber = #"{"error":"please provide numeric product ID"}"#
    static let noJSON = #"{"error":"please provide valid ratings JSON"}"#
    static let noPost = #"{"error":"Post not implemented for database backed ratings"}"#

    static func ratings(_ id: String = "0", _ first: String = "1", _ second: String = "1") -> String {
        #"{"id":\#(id),"ratings":{"Reviewer1":\#(first),"Reviewer2":\#(second)}}"#
    }
}

/// An answer and how long its client waited for it.
struct TimedAnswer: Sendable {
    let answer: HTTPAnswer
    let time: Duration
}

extension Service {
    /// One request on a connection of its own, from before it connects to the last byte of the answer.
    func request(
        _ target: String = "/ratings/0", method: String = "GET", headers: String = ""
    ) async throws -> TimedAnswer {
        let start = ContinuousClock.now
        let connection = try await HTTPConnection.open(port: port)
        defer { connection.close() }
        let answer = try await connection.request(target, method: method, headers: headers)
        return TimedAnswer(answer: answer, time: ContinuousClock.now - start)
    }

    /// What the service answers to bytes as they are.
    func answer(to bytes: [UInt8], method: String = "GET") async throws -> HTTPAnswer {
        let connection = try await HTTPConnection.open(port: port)
        defer { connection.close() }
        connection.send(bytes)
        return try await connection.answer(to: method)
    }

    func answer(to text: String, method: String = "GET") async throws -> HTTPAnswer {
        try await answer(to: Array(text.utf8), method: method)
    }
}

func expect(
    _ timed: TimedAnswer, status: Int, body: String, type: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    expect(timed.answer, status: status, body: body, type: type, sourceLocation: sourceLocation)
    #expect(timed.time <= requestLimit, sourceLocation: sourceLocation)
}

/// Status, body and content type: JSON is `application/json` without a charset, and nothing has no type.
///
/// - Parameter type: the content type where the body does not tell, in an answer to HEAD.
func expect(
    _ answer: HTTPAnswer, status: Int, body: String, type: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(answer.status == status, sourceLocation: sourceLocation)
    #expect(answer.body == body, sourceLocation: sourceLocation)
    let type = type ?? (body.isEmpty ? nil : "application/json")
    #expect(answer["content-type"] == type, sourceLocation: sourceLocation)
}

/// The service answers well, now.
func expectRatings(from service: Service, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let ratings = try await service.request()
    expect(ratings, status: 200, body: Body.ratings(), sourceLocation: sourceLocation)
    if ratings.answer.status != 200 {
        Issue.record("the service's log: \(service.log.suffix(4000))", sourceLocation: sourceLocation)
    }
    expect(try await service.request("/health"), status: 200, body: Body.health, sourceLocation: sourceLocation)
}
