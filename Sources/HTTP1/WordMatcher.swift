/// Finds out, byte by byte, which of a few words it reads, without keeping what it has read.
struct WordMatcher: Sendable {
    /// What to look for. At most 64 words.
    struct Words: Sendable {
        fileprivate let bytes: [[UInt8]]
        /// For each byte, a bit for each word that begins with it.
        fileprivate let firstBytes: [UInt64]

        init(_ words: [String]) {
            bytes = words.map { Array($0.utf8) }
            var firstBytes = [UInt64](repeating: 0, count: 256)
            for (index, word) in bytes.enumerated() { firstBytes[Int(word[0])] |= 1 << UInt64(index) }
            self.firstBytes = firstBytes
        }
    }

    /// A bit for each word that may still be the one.
    private var candidates: UInt64 = .max
    private var length = 0

    /// Whether it can still become a word.
    var isPossible: Bool { candidates != 0 }

    var isEmpty: Bool { length == 0 }

    mutating func reset() {
        candidates = .max
        length = 0
    }

    /// Nothing that follows makes a word of it.
    mutating func giveUp() {
        candidates = 0
    }

    mutating func read(_ byte: UInt8, of words: Words) {
        if length == 0 {
            candidates = words.firstBytes[Int(byte)]
        } else {
            var rest = candidates
            while rest != 0 {
                let index = rest.trailingZeroBitCount
                rest &= rest &- 1
                let word = words.bytes[index]
                if length >= word.count || word[length] != byte { candidates &= ~(1 &<< UInt64(index)) }
            }
        }
        length &+= 1
    }

    /// The index of the word that has been read.
    func match(of words: Words) -> Int? {
        guard length > 0 else { return nil }
        var rest = candidates
        while rest != 0 {
            let index = rest.trailingZeroBitCount
            if words.bytes[index].count == length { return index }
            rest &= rest &- 1
        }
        return nil
    }
}
