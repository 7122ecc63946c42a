/// The first pass over a document: js-bson decodes all of it before anybody asks for a field, so what it refuses anywhere
/// makes the whole an error, also in values that a later element of the same key replaces.
enum BSONCheck {
    /// - Throws: ``BSONFault/damaged(at:)`` or ``BSONFault/tooDeep(limit:)``.
    static func document(_ reader: BSONReader, limits: ValueLimits) throws(BSONFault) {
        // What is left of each open level; no recursion, since the depth is the sender's choice.
        var open = [try reader.root()]
        while let rest = open.popLast() {
            guard let element = try reader.element(at: rest.lowerBound, before: rest.upperBound) else { continue }
            open.append(element.end..<rest.upperBound)
            guard let nested = try reader.nestedElements(of: element) else { continue }
            guard open.count < limits.levels else { throw .tooDeep(limit: limits.levels) }
            open.append(nested)
        }
    }
}

extension BSONReader {
    /// Where the elements of an object, an array or a code's scope stand, and the NUL behind them; `nil` for other types.
    func nestedElements(of element: BSONElement) throws(BSONFault) -> Range<Int>? {
        switch element.type {
        case .object, .array: element.value.lowerBound + 4..<element.value.upperBound
        case .codeWithScope:
            try stringEnd(at: element.value.lowerBound + 4, before: element.end) + 4..<element.value.upperBound
        default: nil
        }
    }
}
