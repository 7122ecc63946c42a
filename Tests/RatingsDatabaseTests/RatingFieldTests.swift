import Testing

@testable import RatingsDatabase

/// What no recorded case shows: the limits, and bytes that are no BSON.
@Suite struct RatingFieldTests {
    private func json(_ document: [UInt8], limits: ValueLimits = ValueLimits()) throws(BSONFault) -> [UInt8]? {
        try document.withUnsafeBytes { bytes in
            Result { () throws(BSONFault) in try RatingField.json(in: bytes, limits: limits) }
        }.get()
    }

    private func json(
        _ type: UInt8, _ value: [UInt8], limits: ValueLimits = ValueLimits()
    ) throws(BSONFault) -> [UInt8]? {
        try json(.document(.element(type, Array("rating".utf8), value)), limits: limits)
    }

    /// Whatever a value is made of, its JSON may have as many bytes as the limit says, and not one more.
    @Test(
        arguments: [
            (0x02, .string(Array("plain, \"quoted\", \u{1}, \n, \u{20ac}".utf8) + [0xff])),
            (0x05, .little(Int32(4)) + [0, 1, 2, 3, 4]), (0x07, [UInt8](repeating: 1, count: 12)),
            (0x10, .little(Int32(100))),
            (0x01, .little(UInt64(0x3ff8_0000_0000_0000))), (0x08, [1]), (0x09, .little(Int64(1))), (0x0a, []),
            (0x13, [UInt8](repeating: 1, count: 16)), (0x0c, .string([97]) + [UInt8](repeating: 1, count: 12)),
            (0x03, .document(.element(0x03, [97], .document(.element(0x0a, [98], []))))),
            (0x04, .document(.element(0x0a, [], []) + .element(0x04, [], .document([])))),
            (0x0f, .little(Int32(15)) + .string([97]) + .document([])), (0x0b, [97, 0, 0]), (0xff, []),
        ] as [(UInt8, [UInt8])])
    func jsonUpToTheLimit(type: UInt8, value: [UInt8]) throws {
        let whole = try #require(try json(type, value))
        for limit in 0..<whole.count {
            #expect(throws: BSONFault.tooMuchJSON(limit: limit)) {
                try json(type, value, limits: ValueLimits(json: limit))
            }
        }
        #expect(try json(type, value, limits: ValueLimits(json: whole.count)) == whole)
    }

    @Test func eightMegabytes() throws {
        #expect(ValueLimits().json == 8 << 20)
        #expect("\(BSONFault.tooMuchJSON(limit: ValueLimits().json))" == "the rating's JSON is over 8 MB")
    }

    /// Where the service differs from the original, as the README says.
    @Test func differences() throws {
        let prototype = [UInt8].element(0x03, Array("__proto__".utf8), .document([]))
        let other = [UInt8].element(0x10, [UInt8(ascii: "x")], .little(Int32(2)))
        #expect(try json(0x03, .document(prototype + other)) == Array(#"{"x":2}"#.utf8))
        #expect(try json(0x0b, Array("(?i)a\0ii\0".utf8)) == Array("{}".utf8))
    }

    /// Equal keys and undefined values cost memory, although they are not written.
    @Test func keysUpToTheLimit() throws {
        let limits = ValueLimits(keys: 10)
        let element = [UInt8].element(0x06, [UInt8(ascii: "k")], [])
        let five = Array(repeatElement(element, count: 5).joined())
        #expect(try json(0x03, .document(five + five), limits: limits) == Array("{}".utf8))
        #expect(throws: BSONFault.tooManyKeys(limit: 10)) {
            try json(0x03, .document(five + five + element), limits: limits)
        }
        // The keys of the objects around count too, as long as these are open.
        let nulls = (0..<5).flatMap { [UInt8].element(0x0a, [UInt8(ascii: "a") + $0], []) }
        let inner = [UInt8].element(0x03, [UInt8(ascii: "i")], .document(five))
        #expect(try json(0x03, .document(nulls.dropFirst(3) + inner), limits: limits)?.count == 44)
        #expect(throws: BSONFault.tooManyKeys(limit: 10)) {
            try json(0x03, .document(nulls + inner), limits: limits)
        }
    }

    /// The original keeps of equal keys the first place and the last value, however many keys there are.
    @Test func manyKeys() throws {
        let names = (0..<10_000).map { Array("k\($0 % 6000)".utf8) }
        let elements = names.enumerated().flatMap { [UInt8].element(0x10, $1, .little(Int32($0))) }
        let values = Array(6000..<10_000) + Array(4000..<6000)
        let expected = "{\(values.enumerated().map { "\"k\($0)\":\($1)" }.joined(separator: ","))}"
        #expect(try json(0x03, .document(elements)) == Array(expected.utf8))
    }

    @Test func levelsUpToTheLimit() throws {
        let limit = ValueLimits().levels
        // The document itself is the first level.
        #expect(try json(0x03, nested(limit - 1))?.count == (limit - 1) * 6 - 4)
        #expect(throws: BSONFault.tooDeep(limit: limit)) { try json(0x03, nested(limit)) }
        #expect(throws: BSONFault.tooDeep(limit: limit)) { try json(0x04, nested(100_000)) }
    }

    /// Objects in each other.
    private func nested(_ levels: Int) -> [UInt8] {
        let lengths = (0..<levels).reversed().map { [UInt8].little(Int32(5 + 8 * $0)) }
        return Array(lengths.joined(separator: [0x03, UInt8(ascii: "a"), 0])) + [UInt8](repeating: 0, count: levels)
    }

    /// A document with an element of every type; whatever of it is missing at the end makes it an error, never a trap.
    @Test func cutAnywhere() throws {
        let document = Self.everyType
        #expect(try json(document) == [UInt8(ascii: "1")])
        for count in 0..<document.count {
            #expect(throws: BSONFault.self) { try json(Array(document.prefix(count))) }
            // With a length and an end that are right.
            let elements = Array(document.prefix(count).dropFirst(4))
            if let rating = try? json(.document(elements)) { #expect(rating == [UInt8(ascii: "1")], "\(count)") }
        }
    }

    /// Lengths that are far too large, or negative, at every place where there is one, or none.
    @Test(arguments: [0x7fff_ffff, -1, .min, 0x7fff_fff0, 0x0100_0000] as [Int32])
    func wrongLengthAnywhere(length: Int32) {
        let document = Self.everyType
        for offset in 0..<(document.count - 3) {
            var damaged = document
            damaged.replaceSubrange(offset..<(offset + 4), with: [UInt8].little(length))
            _ = try? json(damaged)
            damaged.replaceSubrange(0..<4, with: [UInt8].little(Int32(damaged.count)))
            _ = try? json(damaged)
        }
    }

    private static let everyType: [UInt8] = {
        let string = [UInt8].string([UInt8(ascii: "x")])
        let object = [UInt8].document(.element(0x0a, [UInt8(ascii: "k")], []))
        let scope = string + object
        let values: [(UInt8, [UInt8])] = [
            (0x01, .little(UInt64(0))), (0x02, string), (0x03, object), (0x04, object),
            (0x05, .little(Int32(1)) + [0, 9]),
            (0x05, .little(Int32(5)) + [2] + .little(Int32(1)) + [9]), (0x06, []),
            (0x07, [UInt8](repeating: 1, count: 12)),
            (0x08, [1]), (0x09, .little(Int64(1))), (0x0a, []), (0x0b, [UInt8(ascii: "a"), 0, 0]),
            (0x0c, string + [UInt8](repeating: 1, count: 12)), (0x0d, string), (0x0e, string),
            (0x0f, .little(Int32(scope.count + 4)) + scope), (0x10, .little(Int32(1))), (0x11, .little(Int64(1))),
            (0x12, .little(Int64(1))), (0x13, [UInt8](repeating: 1, count: 16)), (0x7f, []), (0xff, []),
        ]
        let all = [UInt8].document(values.flatMap { [UInt8].element($0.0, [UInt8(ascii: "k")], $0.1) })
        return .document(
            .element(0x10, Array("rating".utf8), .little(Int32(1))) + .element(0x03, [UInt8(ascii: "o")], all))
    }()
}
