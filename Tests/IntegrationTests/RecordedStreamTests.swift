import RecordedStreams
import Testing

extension SteadyDatabase {
    /// Thousands of byte streams: odd requests, broken ones, in pieces, pipelined, cut off. What the service answers to each, in
    /// which order, and whether the connection lives on, is what the original does, less the answers that it loses.
    @Suite
    struct RecordedStreamAnswers {
        private static let shared = SharedService(on: SteadyDatabase.shared)
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try await Self.shared.run()
        }

        @Test func areAsExpected() async throws {
            let streams = try RecordedStream.all()
            #expect(streams.count == 3928)
            let port = try Self.shared.service.port
            let suspects = try await Self.faults(of: streams, on: port, atOnce: 128, silence: .milliseconds(400))
            // What differs is tried again with more time: the machine may have been busy.
            let faults = try await Self.faults(
                of: suspects.map(\.stream), on: port, atOnce: 4, silence: .seconds(1) * Slowness.factor)
            print("recorded streams: \(streams.count - faults.count) of \(streams.count) answered as expected")
            for (stream, fault) in faults.prefix(20) {
                let sent = stream.segments.map { String(decoding: $0.prefix(300), as: UTF8.self) }
                Issue.record("\(stream.id): \(fault); sent \(sent)\(stream.halfCloses ? ", then closed its side" : "")")
            }
            #expect(faults.isEmpty)
        }

        private static func faults(
            of streams: [RecordedStream], on port: Int, atOnce limit: Int, silence: Duration
        ) async throws -> [(stream: RecordedStream, fault: String)] {
            try await withThrowingTaskGroup(of: (RecordedStream, String?).self) { group in
                var rest = streams[...]
                var faults: [(RecordedStream, String)] = []
                func addNext() {
                    guard let stream = rest.popFirst() else { return }
                    group.addTask {
                        (stream, try await StreamOutcome.of(stream, on: port, silence: silence).fault(in: stream))
                    }
                }
                for _ in 0..<limit { addNext() }
                while let (stream, fault) = try await group.next() {
                    if let fault { faults.append((stream, fault)) }
                    addNext()
                }
                return faults
            }
        }
    }
}
