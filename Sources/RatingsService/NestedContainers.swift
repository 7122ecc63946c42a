/// Which arrays and objects are open at a place of a JSON text: a bit for each.
struct NestedContainers {
    /// The most that may be open, so that no body takes more than 512 bytes.
    static let limit = 4096

    /// From the outermost, 64 levels a word, the least significant bit first; a one is an object.
    private var words: [UInt64] = []
    private var depth = 0

    var isEmpty: Bool { depth == 0 }

    /// Whether the innermost one is an object.
    var isInObject: Bool {
        guard depth > 0 else { return false }
        let level = depth &- 1
        return words[level / 64] &>> UInt64(level % 64) & 1 == 1
    }

    /// - Returns: whether there is room for one more.
    mutating func push(isObject: Bool) -> Bool {
        guard depth < Self.limit else { return false }
        if depth % 64 == 0 { words.append(0) }
        if isObject { words[depth / 64] |= 1 &<< UInt64(depth % 64) }
        depth &+= 1
        return true
    }

    mutating func pop() {
        guard depth > 0 else { return }
        depth &-= 1
        words[depth / 64] &= ~(1 &<< UInt64(depth % 64))
        if depth % 64 == 0 { words.removeLast() }
    }
}
