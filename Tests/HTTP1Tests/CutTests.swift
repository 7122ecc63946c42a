import RecordedStreams
import SeededRandom
import Testing

/// Wherever a stream is cut, its events are the same.
@Suite struct CutTests {
    private static let streams = Result { try RecordedStream.all() }

    private func differences(_ streams: some Sequence<RecordedStream>, _ cuts: ([UInt8]) -> [[[UInt8]]]) -> [String] {
        streams.compactMap { stream in
            let bytes = Array(stream.segments.joined())
            let whole = ParserRun([bytes])
            guard whole.isWellFormed else { return "\(stream.id): \(whole.events)" }
            let differs = cuts(bytes).contains { ParserRun($0) != whole }
            return differs ? stream.id : nil
        }
    }

    @Test func atEveryPlace() throws {
        // Long ones differ from short ones in what is repeated in them.
        let short = try Self.streams.get().filter { $0.segments.joined().count <= 160 }
        #expect(short.count > 2000)
        let different = differences(short) { bytes in
            bytes.indices.map { [Array(bytes[..<$0]), Array(bytes[$0...])] }
        }
        #expect(different == [])
    }

    @Test func atSomePlacesOfAll() throws {
        var random = SeededGenerator(seed: 14)
        let different = differences(try Self.streams.get()) { bytes in
            (0..<3).map { _ in
                var rest = bytes[...]
                var pieces: [[UInt8]] = []
                while !rest.isEmpty {
                    let count = Int.random(in: 1...max(1, rest.count), using: &random)
                    pieces.append(Array(rest.prefix(count)))
                    rest = rest.dropFirst(count)
                }
                return pieces
            }
        }
        #expect(different == [])
    }

    @Test func intoSingleBytes() throws {
        let different = differences(try Self.streams.get()) { bytes in
            bytes.count > 4000 ? [] : [bytes.map { [$0] }]
        }
        #expect(different == [])
    }
}
