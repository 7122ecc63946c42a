import RecordedStreams
import SeededRandom
import Testing

@testable import HTTP1

/// Recorded streams with bytes changed, taken out and put in: whatever comes, the parser neither traps nor contradicts itself.
@Suite struct MutationTests {
    @Test func mutatedStreams() throws {
        let streams = try RecordedStream.all().map { Array($0.segments.joined()) }.filter { $0.count < 2000 }
        var random = SeededGenerator(seed: 17)
        let end = ContinuousClock.now + .seconds(2)
        var count = 0
        var refused = 0
        while ContinuousClock.now < end {
            var bytes = streams.randomElement(using: &random) ?? []
            for _ in 0...Int.random(in: 0...4, using: &random) { mutate(&bytes, &random) }
            let cut = Int.random(in: 0...bytes.count, using: &random)
            let run = ParserRun([Array(bytes[..<cut]), Array(bytes[cut...])])
            guard run.isWellFormed, run == ParserRun([bytes]) else {
                Issue.record("\(bytes) cut at \(cut): \(run.events)")
                return
            }
            count += 1
            if case .refused? = run.events.last { refused += 1 }
        }
        print("mutations: \(count) streams, \(refused) refused")
        #expect(count > 100 && refused > count / 10)
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard !bytes.isEmpty else { return bytes.append(UInt8.random(in: 0...255, using: &random)) }
        let index = Int.random(in: 0..<bytes.count, using: &random)
        let byte = Bool.random(using: &random) ? UInt8.random(in: 0...255, using: &random) : bytes[index] ^ 0x20
        switch Int.random(in: 0...4, using: &random) {
        case 0: bytes[index] = byte
        case 1: bytes.insert(byte, at: index)
        case 2: bytes.remove(at: index)
        case 3: bytes.removeSubrange(index..<min(bytes.count, index + 20))
        default: bytes.insert(contentsOf: bytes[index..<min(bytes.count, index + 20)], at: index)
        }
    }
}
