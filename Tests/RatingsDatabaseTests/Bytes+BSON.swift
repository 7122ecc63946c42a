/// BSON, put together byte by byte (<https://bsonspec.org/spec.html>).
extension [UInt8] {
    static func document(_ elements: [UInt8]) -> [UInt8] {
        little(Int32(elements.count + 5)) + elements + [0]
    }

    static func element(_ type: UInt8, _ key: [UInt8], _ value: [UInt8]) -> [UInt8] {
        [type] + key + [0] + value
    }

    static func string(_ text: [UInt8]) -> [UInt8] {
        little(Int32(text.count + 1)) + text + [0]
    }

    static func little(_ number: some FixedWidthInteger) -> [UInt8] {
        Swift.withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
}
