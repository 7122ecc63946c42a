import RecordedStreams

/// What the service made of a recorded stream.
struct StreamOutcome: Sendable {
    struct Answer: Sendable {
        let status: Int
        let contentType: String?
        /// Nothing where the answer is to HEAD.
        let body: String?
    }

    private(set) var answers: [Answer] = []
    /// Bytes behind the answers that are none.
    private var rest: [UInt8] = []
    private(set) var isClosed = false

    /// Sends a stream, and waits until there has been silence for a while or the service has closed.
    static func of(_ stream: RecordedStream, on port: Int, silence: Duration) async throws -> StreamOutcome {
        let connection = try await HTTPConnection.open(port: port)
        defer { connection.close() }
        for (index, segment) in stream.segments.enumerated() {
            if index > 0, stream.pause > .zero { try await Task.sleep(for: stream.pause) }
            connection.send(segment)
        }
        if stream.halfCloses {
            if stream.pause > .zero { try await Task.sleep(for: stream.pause) }
            connection.finishSending()
        }
        var count = -1
        var last = ContinuousClock.now
        while !connection.isClosed, ContinuousClock.now - last < silence {
            let received = connection.received.count
            if received != count { last = .now }
            count = received
            try await Task.sleep(for: .milliseconds(10))
        }
        return StreamOutcome(connection.received, isClosed: connection.isClosed)
    }

    private init(_ bytes: [UInt8], isClosed: Bool) {
        self.isClosed = isClosed
        rest = bytes
        // With the method HEAD only the head is taken; what follows tells whether there was a body.
        while let head = try? HTTPAnswer(consuming: &rest, method: "HEAD", isEnded: isClosed) {
            var body: String? = ""
            let length = head["content-length"].flatMap { Int($0) } ?? 0
            if length > 0 {
                let hasBody = !rest.isEmpty && !rest.starts(with: "HTTP/1.".utf8) && rest.count >= length
                body = hasBody ? String(decoding: rest.prefix(length), as: UTF8.self) : nil
                if hasBody { rest.removeFirst(length) }
            }
            answers.append(Answer(status: head.status, contentType: head["content-type"], body: body))
        }
    }

    /// What is not as expected; nothing where all is.
    func fault(in stream: RecordedStream) -> String? {
        let expected = "expected \(stream.answers), got \(answers.map(\.status))"
        if !Self.fits(answers[...], stream.answers[...]) { return expected }
        if !rest.isEmpty { return "bytes that are no answer: \(String(decoding: rest, as: UTF8.self))" }
        if isClosed ? !stream.mayBeClosed : !stream.mayBeOpen {
            return "the connection is \(isClosed ? "closed" : "open")"
        }
        return nil
    }

    private static func fits(_ answers: ArraySlice<Answer>, _ expected: ArraySlice<ExpectedAnswer>) -> Bool {
        guard let first = expected.first else { return answers.isEmpty }
        if let answer = answers.first, answer.fits(first), fits(answers.dropFirst(), expected.dropFirst()) {
            return true
        }
        return first.isOptional && fits(answers, expected.dropFirst())
    }
}

extension StreamOutcome.Answer {
    fileprivate func fits(_ expected: ExpectedAnswer) -> Bool {
        guard expected.statuses.contains(status) else { return false }
        guard let wanted = expected.body, let body else { return true }
        return body == wanted && (wanted.isEmpty || contentType == "application/json")
    }
}
